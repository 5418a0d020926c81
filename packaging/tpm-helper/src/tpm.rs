//! The TPM's side: a transient ECC storage key, salted and encrypting sessions, one sealed object.

use crate::{Fail, container::Container};
use std::str::FromStr;
use tss_esapi::attributes::SessionAttributesBuilder;
use tss_esapi::constants::response_code::{Tss2ResponseCode, Tss2ResponseCodeKind as Kind};
use tss_esapi::constants::{CapabilityType, PropertyTag, SessionType};
use tss_esapi::interface_types::session_handles::{AuthSession, PolicySession};
use tss_esapi::interface_types::{algorithm::HashingAlgorithm::Sha256, resource_handles::Hierarchy};
use tss_esapi::structures::{Auth, CapabilityData, Digest, PcrSelectionList, PcrSlot};
use tss_esapi::structures::{Private, Public, SensitiveData, SymmetricDefinition};
use tss_esapi::traits::{Marshall, UnMarshall};
use tss_esapi::{Context, Error, Result as Tss, TctiNameConf, WrapperErrorKind, handles::KeyHandle};

/// The TCG's ECC P-256 storage root key as `TPMT_PUBLIC`, up to its 2 x 32 zeros in `unique`: ECC, SHA-256,
/// fixedTPM|fixedParent|sensitiveDataOrigin|userWithAuth|noDA|restricted|decrypt, AES-128-CFB, no scheme, no KDF.
const SRK: [u8; 22] = *b"\0\x23\0\x0B\0\x03\x04\x72\0\0\0\x06\0\x80\0\x43\0\x10\0\x03\0\x10";

/// Unless a step knows better, an error means that there is no TPM to work with.
impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        if kind(error) == Some(Kind::Lockout) { Self::LockedOut } else { Self::NoTpm(error.to_string()) }
    }
}

fn kind(error: Error) -> Option<Kind> {
    if let Error::Tss2Error(code) = error { code.kind() } else { None }
}

fn open() -> Result<Context, Fail> {
    let name = std::env::var_os("MIANZHENG_TCTI").unwrap_or_else(|| "device:/dev/tpmrm0".into());
    let name = name.to_string_lossy();
    let tcti = TctiNameConf::from_str(&name).map_err(|_| Fail::Input("MIANZHENG_TCTI names no TPM interface"))?;
    Context::new(tcti).map_err(|_| Fail::NoTpm(format!("none answers at {name:?}")))
}

/// One line about the TPM: its manufacturer and firmware.
pub fn check() -> Result<String, Fail> {
    let mut ctx = open()?;
    let mut get = |tag| ctx.get_tpm_property(tag).map(Option::unwrap_or_default);
    let maker = get(PropertyTag::Manufacturer)?.to_be_bytes().map(char::from);
    let maker: String = maker.into_iter().filter(char::is_ascii_graphic).collect();
    let [a, b] = [get(PropertyTag::FirmwareVersion1)?, get(PropertyTag::FirmwareVersion2)?];
    Ok(format!("manufacturer {maker}, firmware {}.{}.{}.{}\n", a >> 16, a & 0xFFFF, b >> 16, b & 0xFFFF))
}

/// Seals the secret to this TPM, to the present values of `pcrs` if any, and to the PIN if any.
pub fn seal(secret: &[u8; 32], pin: Option<&[u8]>, pcrs: u32) -> Result<Container, Fail> {
    let mut ctx = open()?;
    // A TPM skips PCRs of a bank that is off: the secret would silently be bound to nothing.
    let (CapabilityData::AssignedPcr(banks), _) = ctx.get_capability(CapabilityType::AssignedPcr, 0, 1)? else {
        return Err(Error::WrapperError(WrapperErrorKind::WrongValueFromTpm).into());
    };
    let has = |slot| banks.get_selections().iter().any(|b| b.hashing_algorithm() == Sha256 && b.is_selected(slot));
    if !slots(pcrs).into_iter().all(has) {
        return Err(Fail::NoTpm("its SHA-256 bank lacks a PCR asked for".into()));
    }
    let (key, parent) = primary(&mut ctx)?;
    let hmac = session(&mut ctx, Some(key), SessionType::Hmac)?;
    let trial = session(&mut ctx, None, SessionType::Trial)?;
    ctx.set_sessions((Some(hmac), None, None));
    let digest = if pcrs == 0 { Digest::default() } else { policy(&mut ctx, trial, pcrs, pin.is_some())? };
    let policy_len = if pcrs == 0 { [0, 0] } else { [0, 32] };
    let template = [&head(pcrs, pin.is_some())[..], &policy_len, &digest, &[0, 0x10, 0, 0]].concat();
    let (template, pin_auth) = (Public::unmarshall(&template)?, pin.map(Auth::try_from).transpose()?);
    let data = SensitiveData::try_from(secret.as_slice())?;
    let made = ctx.create(key, template, pin_auth, Some(data), None, None)?;
    let (public, private) = (made.out_public.marshall()?, made.out_private.to_vec());
    Ok(Container { public, private, parent, pcrs, pin: pin.is_some() })
}

/// Opens what `seal` made, on the same TPM, with the same PCR values and PIN.
pub fn unseal(sealed: &Container, pin: Option<&[u8]>) -> Result<SensitiveData, Fail> {
    if sealed.pin != pin.is_some() {
        return Err(Fail::Input(if sealed.pin {
            "it was sealed with a PIN: use --pin-stdin"
        } else {
            "it has no PIN"
        }));
    }
    let public = Public::unmarshall(&sealed.public).map_err(|_| Fail::MALFORMED)?;
    if !sealed.public.starts_with(&head(sealed.pcrs, sealed.pin)) || public.marshall()? != sealed.public {
        return Err(Fail::MALFORMED);
    }
    let private = Private::try_from(sealed.private.as_slice()).map_err(|_| Fail::MALFORMED)?;
    let mut ctx = open()?;
    let (key, parent) = primary(&mut ctx)?;
    // Checked before the PIN is used: a false key put on the bus as salt would learn enough to guess it.
    if parent != sealed.parent {
        return Err(Fail::CannotOpen);
    }
    let hmac = session(&mut ctx, Some(key), SessionType::Hmac)?;
    let guard = session(&mut ctx, Some(key), SessionType::Policy)?;
    ctx.set_sessions((Some(hmac), None, None));
    let expected = public.auth_policy().clone();
    let object = ctx.load(key, private, public).map_err(|e| match e {
        Error::Tss2Error(Tss2ResponseCode::FormatOne(_)) => Fail::CannotOpen,
        _ => e.into(),
    })?;
    if sealed.pcrs != 0 {
        // Compared here and not left to the unsealing, so that no PIN is tried when the PCRs have changed.
        if policy(&mut ctx, guard, sealed.pcrs, sealed.pin)? != expected {
            return Err(Fail::PcrsDiffer);
        }
        ctx.set_sessions((Some(guard), None, None));
    }
    if let Some(pin) = pin {
        ctx.tr_set_auth(object.into(), Auth::try_from(pin)?)?;
    }
    let data = ctx.unseal(object.into()).map_err(|e| match kind(e) {
        Some(Kind::AuthFail | Kind::BadAuth) => Fail::WrongPin,
        Some(Kind::PolicyFail | Kind::PcrChanged) => Fail::PcrsDiffer,
        _ => e.into(),
    })?;
    if data.len() == 32 { Ok(data) } else { Err(Fail::CannotOpen) }
}

/// The storage root key, made anew from the owner seed, and its name.
fn primary(ctx: &mut Context) -> Tss<(KeyHandle, Vec<u8>)> {
    let coordinate = [&[0, 32][..], &[0; 32]].concat();
    let template = Public::unmarshall(&[&SRK[..], &coordinate, &coordinate].concat())?;
    let make = |ctx: &mut Context| ctx.create_primary(Hierarchy::Owner, template, None, None, None, None);
    let key = ctx.execute_with_session(Some(AuthSession::Password), make)?.key_handle;
    Ok((key, ctx.tr_get_name(key.into())?.value().to_vec()))
}

/// A session that encrypts the first parameter both ways, its key salted by `salt` (a trial needs none).
fn session(ctx: &mut Context, salt: Option<KeyHandle>, kind: SessionType) -> Tss<AuthSession> {
    let session = ctx.start_auth_session(salt, None, None, kind, SymmetricDefinition::AES_128_CFB, Sha256)?;
    let session = session.ok_or(Error::WrapperError(WrapperErrorKind::WrongValueFromTpm))?;
    let (set, mask) = SessionAttributesBuilder::new().with_decrypt(true).with_encrypt(true).build();
    ctx.tr_sess_set_attributes(session, set, mask)?;
    Ok(session)
}

/// Runs `PolicyPCR` with the present values [and `PolicyAuthValue`] and reads the digest reached.
fn policy(ctx: &mut Context, on: AuthSession, pcrs: u32, pin: bool) -> Tss<Digest> {
    let on = PolicySession::try_from(on)?;
    let list = PcrSelectionList::builder().with_selection(Sha256, &slots(pcrs)).build()?;
    ctx.policy_pcr(on, Digest::default(), list)?;
    if pin {
        ctx.execute_without_session(|ctx| ctx.policy_auth_value(on))?; // has no parameter to encrypt
    }
    ctx.policy_get_digest(on)
}

/// How the sealed object's `TPMT_PUBLIC` begins: keyed hash, SHA-256, fixedTPM|fixedParent; with PCRs only the
/// policy opens it (else userWithAuth); with a PIN wrong tries count towards the lockout (else noDA).
fn head(pcrs: u32, pin: bool) -> [u8; 8] {
    [0, 8, 0, 0x0B, 0, 0, if pin { 0 } else { 0x04 }, if pcrs == 0 { 0x52 } else { 0x12 }]
}

fn slots(pcrs: u32) -> Vec<PcrSlot> {
    (0..24).filter_map(|n| PcrSlot::try_from(pcrs & (1 << n)).ok()).collect()
}
