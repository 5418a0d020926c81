use proptest::prelude::*;

use super::tests::{ENTER, SHIFT, TAB, Typist};
use super::*;

proptest! {
    #[test]
    fn any_events_give_sound_scans_or_none(
        events in prop::collection::vec(
            (prop_oneof![2_u16..90, Just(ENTER), Just(SHIFT), any::<u16>()], prop_oneof![Just(1), 0..3, any::<i32>()],
             prop_oneof![0_u64..20, 0_u64..700, any::<u64>()], 0_u8..30), 0..700)
    ) {
        let mut typist = Typist::new(Rules::default());
        for (code, value, later, luck) in events {
            typist.now = typist.now.wrapping_add(later);
            match luck {
                0 => typist.silence(),
                1 => typist.assembler.lost(),
                _ => typist.event(code, value),
            }
        }
        for scan in typist.told {
            prop_assert!((SHORTEST..=LONGEST).contains(&scan.len()));
            prop_assert!(scan.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"<-+/.\n".contains(&byte)));
        }
    }

    #[test]
    fn what_a_scanner_types_arrives_as_it_is(text in "[0-9A-Za-z<+/.-]{1,140}", every in 0_u64..=80) {
        let mut typist = Typist::new(Rules::default());
        typist.text(&text, every);
        typist.key(TAB);
        let good = (SHORTEST..=LONGEST).contains(&text.len());
        prop_assert_eq!(typist.told, if good { vec![text] } else { Vec::new() });
    }
}
