//! The check of the ID token (`OpenID` Connect Core 1.0, section 3.1.3.7), signature by `jsonwebtoken`.
use crate::{Fail, Why, config::Config};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Serialize;
use serde_json::{Map, Value};
use std::time::{SystemTime, UNIX_EPOCH};

/// How far the clocks may differ, in seconds.
const SKEW: u64 = 60;

/// What the kiosk is told about the person.
#[derive(Serialize)]
pub struct Identity {
    number: String,
    name: Option<String>,
    birthdate: Option<String>,
}

/// What this session knows by itself.
pub struct Expected<'a> {
    pub config: &'a Config,
    /// Those of the provider that are also ours.
    pub algorithms: &'a [Algorithm],
    pub nonce: Option<&'a str>,
    /// Unix time.
    pub started: u64,
}

const fn not(why: &'static str) -> Fail {
    Fail(Why::NotTrusted, why)
}

/// Checks the token with `keys`, or with those that `refresh` fetches if none of them is meant.
pub fn check(
    token: &str,
    expected: &Expected,
    keys: Vec<Jwk>,
    refresh: impl FnOnce() -> Result<Vec<Jwk>, Fail>,
) -> Result<Identity, Fail> {
    let header = decode_header(token).map_err(|_| not("the ID token's header or algorithm is not acceptable"))?;
    if !expected.algorithms.contains(&header.alg) {
        return Err(not("the ID token's algorithm is not acceptable"));
    }
    if header.crit.is_some() {
        return Err(not("the ID token has critical extensions"));
    }
    let key = match choose(&header, keys) {
        Some(key) => key,
        None => choose(&header, refresh()?).ok_or(not("the ID token's key is unknown"))?,
    };
    let key = DecodingKey::from_jwk(&key).map_err(|_| not("the ID token's key is malformed"))?;
    let config = expected.config;
    let mut validation = Validation::new(header.alg);
    validation.leeway = SKEW;
    validation.validate_nbf = true;
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[&config.issuer]);
    validation.set_audience(&[&config.client_id]);
    let claims = decode::<Map<String, Value>>(token, &key, &validation).map_err(|e| why(e.kind()))?.claims;
    further(&claims, expected, now())?;
    let number = text(&claims, &config.claims.number, 64)?;
    let name = config.claims.name.as_ref().map(|claim| text(&claims, claim, 128)).transpose()?;
    let birthdate = config.claims.birthdate.as_ref().map(|claim| text(&claims, claim, 10)).transpose()?;
    if birthdate.as_deref().is_some_and(|date| !is_date(date)) {
        return Err(not("the birthdate claim is not a full date"));
    }
    Ok(Identity { number, name, birthdate })
}

fn why(kind: &jsonwebtoken::errors::ErrorKind) -> Fail {
    use jsonwebtoken::errors::ErrorKind;
    not(match kind {
        ErrorKind::InvalidSignature => "the ID token's signature is wrong",
        ErrorKind::ExpiredSignature => "the ID token is expired",
        ErrorKind::ImmatureSignature => "the ID token is not valid yet",
        ErrorKind::InvalidIssuer => "the ID token is of another issuer",
        ErrorKind::InvalidAudience => "the ID token is for somebody else",
        ErrorKind::MissingRequiredClaim(_) => "the ID token lacks exp, iss, aud or sub",
        _ => "the ID token is malformed",
    })
}

/// What the library does not look at.
fn further(claims: &Map<String, Value>, expected: &Expected, now: u64) -> Result<(), Fail> {
    let string = |claim: &str| claims.get(claim).and_then(Value::as_str);
    let time = |claim: &str| claims.get(claim).and_then(Value::as_u64);
    let config = expected.config;
    if string("iss") != Some(&config.issuer) {
        return Err(not("the ID token is of more than one issuer"));
    }
    let others = |list: &Vec<Value>| list.iter().any(|aud| aud.as_str() != Some(&config.client_id));
    if claims.get("aud").and_then(Value::as_array).is_some_and(others) {
        return Err(not("the ID token is for somebody else as well"));
    }
    if claims.contains_key("azp") && string("azp") != Some(&config.client_id) {
        return Err(not("the ID token was asked for by somebody else"));
    }
    if string("sub").is_none_or(str::is_empty) {
        return Err(not("the ID token names nobody"));
    }
    let issued = time("iat").ok_or(not("the ID token lacks iat"))?;
    if issued > now + SKEW || issued + SKEW < expected.started {
        return Err(not("the ID token was not issued in this session"));
    }
    if claims.contains_key("nonce") != expected.nonce.is_some() || string("nonce") != expected.nonce {
        return Err(not("the ID token has another nonce"));
    }
    if config.acr.is_some() && string("acr") != config.acr.as_deref() {
        return Err(not("the ID token has not the required acr"));
    }
    if let Some(max) = config.max_age_s {
        let login = time("auth_time").ok_or(not("the ID token lacks auth_time"))?;
        if login > now + SKEW || login.saturating_add(max).saturating_add(SKEW) < now {
            return Err(not("the person's login is too old"));
        }
    }
    Ok(())
}

/// The key the token names; if it names none, the only one that could be meant.
fn choose(header: &Header, keys: Vec<Jwk>) -> Option<Jwk> {
    let named = |key: &Jwk| header.kid.is_none() || key.common.key_id == header.kid;
    let mut keys = keys.into_iter().filter(|key| named(key) && fits(key, header.alg));
    keys.next().filter(|_| keys.next().is_none())
}

/// Whether the key is one to check signatures of this algorithm with.
pub fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let (same_name, same_kind) = match (algorithm, &key.algorithm) {
        (Algorithm::RS256, AlgorithmParameters::RSA(_)) => (KeyAlgorithm::RS256, true),
        (Algorithm::ES256, AlgorithmParameters::EllipticCurve(key)) => {
            (KeyAlgorithm::ES256, key.curve == EllipticCurve::P256)
        }
        (Algorithm::EdDSA, AlgorithmParameters::OctetKeyPair(key)) => {
            (KeyAlgorithm::EdDSA, key.curve == EllipticCurve::Ed25519)
        }
        _ => return false,
    };
    same_kind
        && key.common.key_algorithm.is_none_or(|name| name == same_name)
        && key.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
        && key.common.key_operations.as_ref().is_none_or(|list| list.contains(&KeyOperations::Verify))
}

/// Unix time in seconds.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn text(claims: &Map<String, Value>, claim: &str, most: usize) -> Result<String, Fail> {
    let value = claims.get(claim).and_then(Value::as_str).ok_or(not("the ID token lacks a claim about the person"))?;
    let fine = !value.trim().is_empty() && value.chars().count() <= most && !value.contains(char::is_control);
    fine.then(|| value.into()).ok_or(not("a claim about the person is not usable text"))
}

/// `YYYY-MM-DD`, and that day exists.
fn is_date(text: &str) -> bool {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        digits.and_then(|part| part.parse::<u32>().ok())
    };
    let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let (Some(year), Some(month), Some(day), true) = (number(0, 4), number(5, 7), number(8, 10), dashes) else {
        return false;
    };
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    year > 0 && (1..=days).contains(&day)
}
