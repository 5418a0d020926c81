use super::*;

pub(super) const ENTER: u16 = 28;
pub(super) const TAB: u16 = 15;
pub(super) const SHIFT: u16 = 42;

/// A scanner, typing.
pub(super) struct Typist {
    pub(super) assembler: Assembler,
    pub(super) now: u64,
    pub(super) told: Vec<String>,
}

impl Typist {
    pub(super) fn new(rules: Rules) -> Self {
        Self { assembler: Assembler::new(rules), now: 1000, told: Vec::new() }
    }

    pub(super) fn event(&mut self, code: u16, value: i32) {
        let told = &mut self.told;
        let stroke = Stroke { code, value, at_ms: self.now };
        self.assembler.push(stroke, &mut |scan| told.push(scan.expose().to_owned()));
    }

    pub(super) fn key(&mut self, code: u16) {
        self.event(code, 1);
        self.event(code, 0);
    }

    /// Each character so long after the one before. Units: ms.
    pub(super) fn text(&mut self, text: &str, every: u64) {
        for byte in text.bytes() {
            self.now += every;
            let found = (0..100).flat_map(|code| [(code, false), (code, true)]);
            let is = |(code, shift): &(u16, bool)| meaning(*code, *shift) == Meaning::Character(byte);
            let (code, shift) = found.into_iter().find(is).unwrap();
            if shift {
                self.event(SHIFT, 1);
            }
            self.key(code);
            if shift {
                self.event(SHIFT, 0);
            }
        }
    }

    pub(super) fn silence(&mut self) {
        let told = &mut self.told;
        self.assembler.silence(&mut |scan| told.push(scan.expose().to_owned()));
    }
}

fn typed(run: impl Fn(&mut Typist)) -> Vec<String> {
    let mut typist = Typist::new(Rules::default());
    run(&mut typist);
    typist.told
}

#[test]
fn enter_tab_and_silence_end_a_scan() {
    for end in [ENTER, TAB, 96] {
        let told = typed(|typist| {
            typist.text("AbZ-09+./<", 10);
            typist.key(end);
            typist.key(end);
        });
        assert_eq!(told, ["AbZ-09+./<"]);
    }
    assert_eq!(typed(|typist| typist.text("1234", 80)), [""; 0], "not yet");
    let by_wait = typed(|typist| {
        typist.text("1234", 80);
        assert_eq!(typist.assembler.silence_ms(), Some(80));
        typist.silence();
        assert_eq!(typist.assembler.silence_ms(), None);
    });
    let by_next_key = typed(|typist| {
        typist.text("1234", 80);
        typist.now += 81;
        typist.key(ENTER);
    });
    assert_eq!((by_wait, by_next_key), (vec!["1234".to_owned()], vec!["1234".to_owned()]));
}

#[test]
fn a_person_typing_is_no_scanner() {
    let told = typed(|typist| {
        typist.text("12345678", 81);
        typist.key(ENTER);
        typist.text("123", 5);
        typist.now += 81;
        typist.text("56", 5);
        typist.key(ENTER);
    });
    assert_eq!(told, [""; 0]);
}

#[test]
fn a_scanner_with_an_end_key_that_falters_is_not_taken_for_two() {
    let mut typist = Typist::new(Rules::default().only_with_end());
    typist.text("110105", 5);
    typist.now += 100;
    typist.silence();
    typist.text("194912", 5);
    typist.silence();
    typist.text("110105", 5);
    typist.key(ENTER);
    assert_eq!(typist.told, ["110105"]);
}

#[test]
fn too_long_and_foreign_are_thrown_away_whole() {
    for (length, good) in [(128, true), (129, false), (500, false)] {
        let told = typed(|typist| {
            typist.text(&"7".repeat(length), 1);
            typist.key(ENTER);
        });
        assert_eq!(told.len(), usize::from(good), "{length}");
    }
    // Control, alt, a space, a colon, F1, a key no keyboard has.
    for foreign in [29, 56, 57, 39, 59, 767] {
        let told = typed(|typist| {
            typist.text("1234", 1);
            typist.key(foreign);
            typist.text("5678", 1);
            typist.key(ENTER);
            typist.text("9999", 1);
            typist.key(ENTER);
        });
        assert_eq!(told, ["9999"], "{foreign}");
    }
    let told = typed(|typist| {
        typist.text("1234", 1);
        typist.assembler.lost();
        typist.text("5678", 1);
        typist.key(TAB);
    });
    assert_eq!(told, [""; 0]);
}

const PASSPORT: [&str; 2] = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
const CARD: [&str; 3] =
    ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"];

/// Types lines, Enter after each but the last, so long between them. Units: ms.
fn lines(typist: &mut Typist, lines: &[&str], pause: u64, last_enter: bool) {
    for (index, line) in lines.iter().enumerate() {
        typist.text(line, 2);
        if index + 1 < lines.len() || last_enter {
            typist.key(ENTER);
        }
        typist.now += pause;
    }
}

#[test]
fn the_lines_of_a_machine_readable_zone_are_one_scan() {
    for zone in [&PASSPORT[..], &CARD[..]] {
        for pause in [0, 490] {
            let joined = [zone.join("\n")];
            assert_eq!(typed(|typist| lines(typist, zone, pause, true)), joined);
            let by_silence = typed(|typist| {
                lines(typist, zone, pause, false);
                typist.silence();
            });
            assert_eq!(by_silence, joined);
        }
    }
}

#[test]
fn a_zone_that_stays_incomplete_is_told_as_far_as_it_came() {
    let told = typed(|typist| {
        lines(typist, &PASSPORT, 498, true);
        typist.now += 600;
        lines(typist, &PASSPORT, 600, true);
        typist.now += 600;
        lines(typist, &[PASSPORT[0], "12345678"], 0, true);
        // As long as would fit by division only.
        lines(typist, &[PASSPORT[0], "12345678901234"], 0, true);
        lines(typist, &CARD[..2], 0, true);
        typist.silence();
    });
    let both = PASSPORT.join("\n");
    let two = CARD[..2].join("\n");
    assert_eq!(told, [&both, PASSPORT[0], PASSPORT[1], PASSPORT[0], "12345678", PASSPORT[0], "12345678901234", &two]);
}

#[test]
fn a_gap_has_a_range() {
    for (gap, good) in [(29, false), (30, true), (200, true), (201, false)] {
        assert_eq!(Rules::default().with_gap(gap).is_ok(), good, "{gap}");
    }
    let mut typist = Typist::new(Rules::default().with_gap(200).unwrap());
    typist.text("12345", 200);
    typist.key(ENTER);
    assert_eq!(typist.told, ["12345"]);
}
