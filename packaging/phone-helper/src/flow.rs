//! One verification: discovery, the device authorization of RFC 8628, polling.
use crate::config::{Config, is_https};
use crate::http::{Answer, Http, TIMEOUT};
use crate::token::{self, Expected, Identity};
use crate::{Fail, Why};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, jwk::Jwk};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt::Write;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{fs::File, io::Read};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const LONGEST: u64 = 600;
const OURS: [(&str, Algorithm); 3] =
    [("RS256", Algorithm::RS256), ("ES256", Algorithm::ES256), ("EdDSA", Algorithm::EdDSA)];

/// What the person has to see.
#[derive(Serialize)]
pub struct Show {
    uri: String,
    uri_complete: Option<String>,
    code: String,
    expires_s: u64,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    device_authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Device {
    #[serde(rename = "device_code")]
    code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    expires_in: u64,
    interval: Option<u64>,
}

/// All that is taken from a successful answer: access and refresh token are never even parsed.
#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

pub struct Provider<'a> {
    config: &'a Config,
    http: Http,
    device: String,
    token: String,
    keys: String,
    algorithms: Vec<Algorithm>,
    /// The Authorization header, if the client logs in that way.
    login: Option<String>,
}

/// A point that the session may have to wait for.
struct Wait<'a>(&'a Receiver<()>);

impl Wait<'_> {
    /// Sleeps, or fails at once if the kiosk has gone.
    fn sleep(&self, time: Duration) -> Result<(), Fail> {
        match self.0.recv_timeout(time) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            _ => Err(Fail(Why::Expired, "the kiosk has gone")),
        }
    }
}

const fn refused(why: &'static str) -> Fail {
    Fail(Why::Refused, why)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fail> {
    serde_json::from_slice(body).map_err(|_| Fail(Why::Unreachable, "the provider's answer is malformed"))
}

/// The body of a plain 200.
fn fetch<T: DeserializeOwned>(answer: Answer, missing: &'static str) -> Result<T, Fail> {
    match answer? {
        (200, body) => parse(&body),
        (429 | 500.., _) => Err(Fail(Why::Unreachable, "the provider has a fault of its own")),
        _ => Err(refused(missing)),
    }
}

/// Verifies a person. `show` gets what they have to see; `stop` is closed when nobody waits any more.
pub fn verify(
    config: &Config,
    lang: Option<&str>,
    stop: &Receiver<()>,
    show: impl FnOnce(Show),
) -> Result<Identity, Fail> {
    let wait = Wait(stop);
    let started = token::now();
    let provider = Provider::discover(config)?;
    wait.sleep(Duration::ZERO)?;
    let keys = provider.fetch_keys()?; // before the person is shown anything: failing later would waste their time
    wait.sleep(Duration::ZERO)?;
    let nonce = config.nonce.then(nonce).transpose()?;
    let asked = Instant::now();
    let device = provider.start(lang, nonce.as_deref())?;
    let lasts = device.expires_in.min(LONGEST);
    let deadline = asked + Duration::from_secs(lasts);
    let interval = Duration::from_secs(device.interval.unwrap_or(5).clamp(1, LONGEST));
    let form = [("grant_type", GRANT), ("device_code", &*device.code), ("client_id", &*config.client_id)];
    show(Show {
        uri: device.verification_uri,
        uri_complete: device.verification_uri_complete,
        code: device.user_code,
        expires_s: lasts,
    });
    let token = provider.poll(&wait, &form, interval, deadline)?;
    let expected = Expected { config, algorithms: &provider.algorithms, nonce: nonce.as_deref(), started };
    token::check(&token, &expected, keys, || provider.fetch_keys())
}

impl<'a> Provider<'a> {
    pub fn discover(config: &'a Config) -> Result<Self, Fail> {
        let http = Http::new(config);
        let uri = format!("{}/.well-known/openid-configuration", config.issuer.trim_end_matches('/'));
        let metadata = fetch::<Metadata>(http.get(&uri), "there is no OpenID provider at the issuer's address")?;
        if metadata.issuer != config.issuer {
            return Err(refused("the provider calls itself by another issuer"));
        }
        let endpoint = |uri: Option<String>, missing| {
            let uri = uri.ok_or(refused(missing))?;
            if is_https(&uri) { Ok(uri) } else { Err(refused("an address of the provider is not https")) }
        };
        let offered = &metadata.id_token_signing_alg_values_supported;
        let algorithms = OURS.iter().filter(|(name, _)| offered.iter().any(|other| other == name));
        let algorithms = algorithms.map(|(_, algorithm)| *algorithm).collect::<Vec<_>>();
        if algorithms.is_empty() {
            return Err(refused("the provider signs with none of RS256, ES256 and EdDSA"));
        }
        let methods = metadata.token_endpoint_auth_methods_supported;
        let knows = |name: &str| methods.as_ref().is_none_or(|list| list.iter().any(|method| method == name));
        let login = match &config.secret {
            Some(secret) if knows("client_secret_basic") => Some(basic(&config.client_id, secret)),
            Some(_) if !knows("client_secret_post") => {
                return Err(refused("the provider takes no client secret"));
            }
            _ => None,
        };
        Ok(Self {
            config,
            http,
            device: endpoint(metadata.device_authorization_endpoint, "the provider has no device authorization")?,
            token: endpoint(metadata.token_endpoint, "the provider has no token endpoint")?,
            keys: endpoint(metadata.jwks_uri, "the provider publishes no keys")?,
            algorithms,
            login,
        })
    }

    /// The provider's keys; those of kinds unknown here are left out.
    fn fetch_keys(&self) -> Result<Vec<Jwk>, Fail> {
        let keys = fetch::<Keys>(self.http.get(&self.keys), "the provider's keys are not where it says")?;
        Ok(keys.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }

    pub fn usable_keys(&self) -> Result<usize, Fail> {
        let usable = |key: &Jwk| self.algorithms.iter().any(|&algorithm| token::fits(key, algorithm));
        match self.fetch_keys()?.iter().filter(|key| usable(key)).count() {
            0 => Err(refused("the provider has no key for RS256, ES256 or EdDSA")),
            usable => Ok(usable),
        }
    }

    fn post(&self, uri: &str, form: &[(&str, &str)], timeout: Duration) -> Answer {
        let secret = self.config.secret.as_deref().filter(|_| self.login.is_none());
        let form = form.iter().copied().chain(secret.map(|secret| ("client_secret", secret))).collect::<Vec<_>>();
        self.http.post(uri, self.login.as_deref(), &form, timeout)
    }

    fn start(&self, lang: Option<&str>, nonce: Option<&str>) -> Result<Device, Fail> {
        let scope = self.config.scopes.join(" ");
        let max_age = self.config.max_age_s.map(|age| age.to_string());
        let optional = [
            ("ui_locales", lang),
            ("nonce", nonce),
            ("acr_values", self.config.acr.as_deref()),
            ("max_age", max_age.as_deref()),
        ];
        let mut form = vec![("client_id", &*self.config.client_id), ("scope", &*scope)];
        form.extend(optional.iter().filter_map(|(key, value)| value.map(|value| (*key, value))));
        let answer = self.post(&self.device, &form, TIMEOUT);
        let device = fetch::<Device>(answer, "the provider refuses this client")?;
        let fine = |uri: &str| is_https(uri) && uri.len() <= 512;
        if !fine(&device.verification_uri) || device.verification_uri_complete.as_deref().is_some_and(|uri| !fine(uri))
        {
            return Err(refused("the address for the person is not https or too long"));
        }
        let printable = device.user_code.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !printable || !(1..=32).contains(&device.user_code.len()) {
            return Err(refused("the code for the person cannot be shown"));
        }
        Ok(device)
    }

    /// Asks until there is an ID token.
    fn poll(
        &self,
        wait: &Wait,
        form: &[(&str, &str)],
        mut interval: Duration,
        deadline: Instant,
    ) -> Result<String, Fail> {
        let left = || deadline.saturating_duration_since(Instant::now());
        let mut at_end = Fail(Why::Expired, "the person was too late");
        loop {
            wait.sleep(interval.min(left()))?;
            if left().is_zero() {
                return Err(at_end);
            }
            let (status, body) = match self.post(&self.token, form, TIMEOUT.min(left())) {
                Ok((429 | 500.., _)) => {
                    interval *= 2;
                    at_end = Fail(Why::Unreachable, "the provider has a fault of its own");
                    continue;
                }
                Err(lost) if lost.passing => {
                    interval *= 2; // RFC 8628, section 3.5
                    if !left().is_zero() {
                        at_end = lost.into(); // else it was only not given the time
                    }
                    continue;
                }
                answer => answer?,
            };
            at_end = Fail(Why::Expired, "the person was too late");
            if status == 200 {
                let token = parse::<Tokens>(&body)?.id_token;
                return token.ok_or(Fail(Why::NotTrusted, "the provider gives no ID token"));
            }
            if !(400..500).contains(&status) {
                return Err(refused("the token endpoint is not where the provider says"));
            }
            match &*parse::<Refusal>(&body)?.error {
                "authorization_pending" => {}
                "slow_down" => interval += Duration::from_secs(5),
                "access_denied" => return Err(Fail(Why::Declined, "the person declined")),
                "expired_token" => return Err(Fail(Why::Expired, "the person was too late")),
                _ if left().is_zero() => return Err(at_end), // the provider may have forgotten the code by now
                "invalid_client" | "unauthorized_client" => return Err(refused("the provider refuses this client")),
                _ => return Err(refused("the provider refuses the request for the token")),
            }
        }
    }
}

/// The Authorization header of RFC 6749, section 2.3.1.
fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| {
        text.bytes().fold(String::with_capacity(3 * text.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(byte.into());
            } else {
                let _ = write!(out, "%{byte:02X}"); // a String takes everything
            }
            out
        })
    };
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(id), encode(secret))))
}

fn nonce() -> Result<String, Fail> {
    let mut bytes = [0; 16];
    let read = File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    read.map_err(|_| refused("there is no randomness on this machine"))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
