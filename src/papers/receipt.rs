//! The receipt of a consent: the fields ISO/IEC TS 27560 makes mandatory, in words.

use crate::core::consent::{AgeBand, Purpose};
use crate::core::message::Msg;
use crate::core::screen::Lang;
use crate::locale::Arg;
use crate::notice::filled;
use crate::ports::{ConsentRecord, Paper};

use super::{SiteScribe, day, minute};

/// Version of the form of our receipts.
const SCHEMA: &str = "ISO/IEC TS 27560:2023, MZ-1";

pub(super) fn page(scribe: &SiteScribe, record: &ConsentRecord, age: Option<AgeBand>, lang: Lang) -> Paper {
    let site = &scribe.site;
    let say = |msg| scribe.say(lang, msg);
    let with = |msg, args: &[(&str, Arg)]| scribe.with(lang, msg, args);
    let fill = |msg| filled(&scribe.locale, site, lang, msg);
    let enrol = record.purpose == Purpose::Enrol;
    let mut paper = Paper::new(say(Msg::ReceiptTitle), lang.tag());
    paper.row(say(Msg::ReceiptRecord), format!("{}-{}", record.device.get(..12).unwrap_or_default(), record.receipt.0));
    paper.row(say(Msg::ReceiptSchema), SCHEMA.to_owned());
    let pseudonym = record.person.map_or_else(|| "–".to_owned(), |person| person.0.to_string());
    paper.row(say(Msg::ReceiptPerson), pseudonym);
    let state = match record.ended_ms {
        Some(ended) => with(Msg::StateEnded, &[("date", Arg::Text(&day(ended)))]),
        None => say(Msg::StateGiven),
    };
    paper.row(say(Msg::ReceiptState), state);
    paper.row(say(Msg::ReceiptGiven), minute(record.given_ms));
    if record.guardian.is_none() {
        paper.row(say(Msg::ReceiptMeans), say(if record.on_paper { Msg::ReceiptPaper } else { Msg::ReceiptScreen }));
    }
    if let Some((act, witness)) = record.guardian {
        let relation = say(act.relation.words());
        paper.row(say(Msg::ReceiptMeans), with(Msg::ReceiptByGuardian, &[("relation", Arg::Text(&relation))]));
        paper.row(say(Msg::ReceiptEvidence), say(act.evidence.words()));
        paper.text(with(Msg::ReceiptWitness, &[("id", Arg::Number(witness.0))]));
    }
    let (version, hash) = &record.notice;
    let notice = with(
        Msg::ReceiptNoticeValue,
        &[("version", Arg::Number(*version)), ("lang", Arg::Text(&record.lang)), ("hash", Arg::Text(hash))],
    );
    paper.row(say(Msg::ReceiptNotice), notice);
    let (purpose, kinds) = if enrol {
        (Msg::NoticePurposeEnrol, Msg::NoticeKindsEnrol)
    } else {
        (Msg::NoticePurposeVerify, Msg::NoticeKindsVerify)
    };
    paper.row(say(Msg::ReceiptPurpose), fill(purpose));
    paper.row(say(Msg::ReceiptKinds), fill(kinds));
    paper.row(say(Msg::ReceiptController), site.processor.in_lang(lang).to_owned());
    paper.row(say(Msg::ReceiptContact), site.contact.in_lang(lang).to_owned());
    paper.row(say(Msg::ReceiptAddress), site.address.in_lang(lang).to_owned());
    paper.row(say(Msg::ReceiptStorage), with(Msg::ReceiptStorageValue, &[("device", Arg::Text(&site.device))]));
    paper.row(say(Msg::ReceiptUntil), record.until_ms.map_or_else(|| say(Msg::ReceiptSession), day));
    paper.row(say(Msg::ReceiptRecipients), say(Msg::ReceiptNobody));
    paper.row(say(Msg::ReceiptJurisdiction), say(Msg::ReceiptJurisdictionValue));
    paper.row(say(Msg::ReceiptBasis), say(Msg::ReceiptBasisValue));
    paper.row(say(Msg::ReceiptWithdraw), say(Msg::ReceiptWithdrawValue));
    paper.row(say(Msg::ReceiptRights), site.rights.in_lang(lang).to_owned());
    paper.row(say(Msg::ReceiptComplain), site.complaint.in_lang(lang).to_owned());
    if site.inform_guardian && age == Some(AgeBand::From14To17) {
        paper.text(say(Msg::ReceiptForGuardian));
    }
    paper
}
