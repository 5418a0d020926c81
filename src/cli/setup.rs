//! `setup`: the guided first run. From nothing to a lawful kiosk: site file, first supervisor, signed
//! impact assessment.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use mianzheng::config::{PROFILES, Site, is_blank};
use mianzheng::core::message::Msg;
use mianzheng::core::notice::urges;
use mianzheng::core::operator::{Action, Approval};
use mianzheng::core::readiness::SiteField;
use mianzheng::locale::Arg;
use mianzheng::papers;
use mianzheng::ports::Secret;
use mianzheng::store::NotAdded;

use super::args::{Args, SetupArgs};
use super::assess::{drafted, sign_answers, theft, write_form};
use super::comply::Desk;
use super::office::{chosen, data, open, put};
use super::say::{DONE, FAULT, Failure, NO, Say};

/// Longest retention. Units: days; as in the site file.
const MOST_DAYS: u32 = 1096;

/// Asks at the terminal, or reads answers from a pipe, one a line.
struct Talk<'a> {
    say: &'a Say,
    lines: std::io::Lines<std::io::StdinLock<'static>>,
}

impl Talk<'_> {
    fn line(&mut self, prompt: &str, shown: &str) -> Result<String, Failure> {
        print!("{prompt}{}: ", if shown.is_empty() { String::new() } else { format!(" [{shown}]") });
        let _ = std::io::stdout().flush();
        let line = self.lines.next().and_then(Result::ok).ok_or_else(|| self.say.fail(NO, Msg::SetupEnded, &[]))?;
        let line = line.trim().to_owned();
        Ok(if line.is_empty() { shown.to_owned() } else { line })
    }

    /// A text that may not stay empty; asks until there is one.
    fn text(&mut self, prompt: Msg, field: &str, shown: &str) -> Result<String, Failure> {
        loop {
            let text = self.line(&self.say.text(prompt), shown)?;
            if let Some(word) = urges(&text) {
                let args = [("field", Arg::Text(field)), ("word", Arg::Text(word))];
                println!("  {}", self.say.with(Msg::SetupUrging, &args));
                continue;
            }
            if !is_blank(&text) && text.chars().count() >= 2 {
                return Ok(text);
            }
            println!("  {}", self.say.with(Msg::SetupBlank, &[("field", Arg::Text(field))]));
        }
    }

    fn choice(&mut self, prompt: Msg, most: usize) -> Result<usize, Failure> {
        loop {
            match self.line(&self.say.text(prompt), "1")?.parse() {
                Ok(number) if (1..=most).contains(&number) => return Ok(number),
                _ => println!("  {}", self.say.text(Msg::SetupChoice)),
            }
        }
    }

    fn days(&mut self, shown: u32) -> Result<u32, Failure> {
        loop {
            match self.line(&self.say.text(Msg::SetupDays), &shown.to_string())?.parse() {
                Ok(days) if (1..=MOST_DAYS).contains(&days) => return Ok(days),
                _ => println!("  {}", self.say.text(Msg::SetupNumber)),
            }
        }
    }
}

pub(super) fn setup(setup: &SetupArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let folder = data(setup.data.as_deref());
    let file = setup.out.clone().unwrap_or_else(|| folder.join("site.toml"));
    let name = file.display().to_string();
    if file.exists() {
        return Err(say.fail(NO, Msg::SetupExists, &[("file", Arg::Text(&name))]));
    }
    println!("{}", say.text(Msg::SetupTitle));
    let mut talk = Talk { say, lines: std::io::stdin().lines() };
    let (profile, text) = PROFILES[talk.choice(Msg::SetupProfile, PROFILES.len())? - 1];
    let template = Site::load(profile).map_err(|e| say.site(&e))?;
    let key = |field: SiteField| field.key();
    let processor = talk.text(Msg::SetupProcessor, key(SiteField::ProcessorName), "")?;
    let contact = talk.text(Msg::SetupContact, key(SiteField::ProcessorContact), "")?;
    let address = talk.text(Msg::SetupAddress, key(SiteField::ProcessorAddress), "")?;
    let complaint = talk.text(Msg::SetupComplaint, key(SiteField::ComplaintContact), &contact)?;
    let device = talk.text(Msg::SetupDevice, "device", &template.device)?;
    let days = talk.days(template.retention_days())?;
    let necessity = template.necessity.in_lang(say.lang).to_owned();
    let asked = talk.text(Msg::SetupNecessity, key(SiteField::Necessity), &necessity)?;
    let zone = talk.text(Msg::SetupZone, key(SiteField::Zone), "")?;
    let sign = talk.text(Msg::SetupSign, key(SiteField::Sign), "")?;
    let mut table: toml::Table = toml::from_str(text).map_err(|e| say.usage(e.message()))?;
    let string = |text: &str| toml::Value::String(text.to_owned());
    table.insert("device".into(), string(&device));
    table.insert("retention-days".into(), toml::Value::Integer(days.into()));
    table.insert("complaint-contact".into(), string(&complaint));
    if asked != necessity {
        table.insert("necessity".into(), string(&asked));
    }
    let owner = [("name", &processor), ("contact", &contact), ("address", &address)];
    table.insert("processor".into(), owner.into_iter().map(|(key, text)| (key.to_owned(), string(text))).collect::<toml::Table>().into());
    let place = [("zone", &zone), ("sign", &sign)];
    table.insert("installation".into(), place.into_iter().map(|(key, text)| (key.to_owned(), string(text))).collect::<toml::Table>().into());
    let site_text = table.to_string();
    let site = Site::parse(&name, &site_text).map_err(|e| say.site(&e))?;
    let staff = talk.text(Msg::SetupStaff, "3", "")?;
    let access = talk.text(Msg::SetupAccess, "8", "")?;
    let duty = talk.text(Msg::SetupDuty, "11", "")?;
    let conclusion = talk.text(Msg::SetupConclusion, "12", "")?;
    let supervisor = talk.text(Msg::SetupName, "operator", "")?;
    let password = chosen(setup.new_password.as_deref(), &say.with(Msg::CliAskPassword, &[("name", Arg::Text(&supervisor))]), say)?;
    // From here on something is made: store, account, site file, in this order; each can be gone on with.
    let mut store = open(setup.data.as_deref(), Some(&site), args, say)?;
    let who = store.create_first_supervisor(&Secret::new(supervisor), &password).map_err(|refused| {
        let msg = match refused {
            NotAdded::WeakPassword => Msg::CliOperatorWeak,
            NotAdded::Name => Msg::CliOperatorName,
            NotAdded::Store => Msg::SetupTaken,
        };
        say.fail(NO, msg, &[])
    })?;
    put(&file, site_text.as_bytes(), say)?;
    store.offer_notice().map_err(|_| say.fail(FAULT, Msg::FaultStoreWrite, &[]))?;
    let desk = Desk { site, data: setup.data.as_deref(), args, say };
    let mut answers = drafted(&desk, theft(&mut store));
    for (at, answer) in [(2, staff), (7, access), (10, duty), (11, conclusion)] {
        if let Some(slot) = answers.get_mut(at) {
            *slot = answer;
        }
    }
    println!("\n{}\n", say.text(Msg::SetupReview));
    println!("{}", papers::assessment(&say.locale, &desk.site, &answers, None, say.lang).plain());
    let yes = talk.line(&say.text(Msg::SetupSignNow), "")?;
    if yes.eq_ignore_ascii_case("y") {
        let approval = Approval::of(Action::SignAssessment, &[who]).map_err(|denied| say.denied(denied))?;
        sign_answers(&desk, &mut store, &approval, answers)?;
    } else {
        let form: PathBuf = file.with_file_name("assessment.toml");
        write_form(&desk, &form, &answers)?;
        println!("{}", say.with(Msg::SetupNotSigned, &[("file", Arg::Text(&form.display().to_string()))]));
    }
    // What two persons would approve later is what the device was set up with.
    let place = setup.data.as_ref().map(|data| format!(" --data {}", data.display())).unwrap_or_default();
    let command = format!("mianzheng run --site {name}{place}");
    println!("{}", say.with(Msg::SetupDone, &[("file", Arg::Text(&name)), ("command", Arg::Text(&command))]));
    fs::metadata(&file).map(|_| DONE).map_err(|e| Failure { code: FAULT, ..say.usage(&e.to_string()) })
}
