//! What the installer writes down.
use serde::Deserialize;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::{io::Read, path::Path, path::PathBuf};
use ureq::tls::{Certificate, PemItem, parse_pem};

/// Debian's, kept up to date by its package `ca-certificates`.
const SYSTEM_ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    pub issuer: String,
    pub client_id: String,
    client_secret_file: Option<PathBuf>,
    pub scopes: Vec<String>,
    ca_file: Option<PathBuf>,
    pub claims: Claims,
    pub acr: Option<String>,
    pub max_age_s: Option<u64>,
    /// Send a nonce and insist on it; RFC 8628 knows none, so most providers would drop it.
    #[serde(default)]
    pub nonce: bool,
    #[serde(skip)]
    pub secret: Option<String>,
    #[serde(skip)]
    pub roots: Vec<Certificate<'static>>,
}

/// The names of the ID token's claims.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    pub number: String,
    pub name: Option<String>,
    pub birthdate: Option<String>,
}

impl Config {
    /// Reads it together with the files it names; the error is a sentence without its full stop.
    pub fn read(path: &Path) -> Result<Self, String> {
        let at = path.display();
        let text = fs::read_to_string(path).map_err(|e| format!("{at} cannot be read: {e}"))?;
        let mut config = toml::from_str::<Self>(&text).map_err(|e| {
            let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            format!("{at}, line {}: {}", before.matches('\n').count() + 1, e.message().replace('\n', ", "))
        })?;
        if let Some(wrong) = config.wrong() {
            return Err(format!("{at}: {wrong}"));
        }
        config.secret = config.client_secret_file.as_deref().map(secret).transpose()?;
        config.roots = roots(config.ca_file.as_deref().unwrap_or(Path::new(SYSTEM_ROOTS)))?;
        Ok(config)
    }

    fn wrong(&self) -> Option<&'static str> {
        let claims = [Some(&self.claims.number), self.claims.name.as_ref(), self.claims.birthdate.as_ref()];
        if !is_https(&self.issuer) || self.issuer.contains(['?', '#']) {
            Some("issuer must be an https address without query and fragment")
        } else if self.client_id.is_empty() {
            Some("client-id is empty")
        } else if self.scopes.iter().any(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            Some("a scope is empty or has a space in it")
        } else if !self.scopes.iter().any(|scope| scope == "openid") {
            Some("scopes lack \"openid\", without it there is no ID token")
        } else if self.scopes.iter().any(|scope| scope == "offline_access") {
            Some("scopes have \"offline_access\", but no lasting access is ever wanted")
        } else if claims.into_iter().flatten().any(String::is_empty) {
            Some("the name of a claim is empty")
        } else {
            None
        }
    }
}

/// An https address of printable ASCII with something after the scheme.
pub fn is_https(uri: &str) -> bool {
    uri.bytes().all(|byte| byte.is_ascii_graphic())
        && uri.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#']))
}

fn secret(path: &Path) -> Result<String, String> {
    let at = path.display();
    let cannot = |e| format!("client-secret-file {at} cannot be read: {e}");
    let mut file = File::open(path).map_err(cannot)?;
    if file.metadata().map_err(cannot)?.permissions().mode() & 0o007 != 0 {
        return Err(format!("client-secret-file {at} is open to others, its mode must be 0640 or less"));
    }
    let mut text = String::with_capacity(8192);
    file.by_ref().take(4097).read_to_string(&mut text).map_err(cannot)?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() || text.len() > 4096 || secret.contains(char::is_control) {
        return Err(format!("client-secret-file {at} must hold one line of at most 4096 bytes"));
    }
    Ok(secret.into())
}

fn roots(path: &Path) -> Result<Vec<Certificate<'static>>, String> {
    let pem = fs::read(path).map_err(|e| format!("the trust roots {} cannot be read: {e}", path.display()))?;
    let items = parse_pem(&pem).collect::<Result<Vec<_>, _>>();
    let items = items.map_err(|_| format!("the trust roots {} are not well-formed PEM", path.display()))?;
    let certificates = items.into_iter().filter_map(|item| match item {
        PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    });
    let certificates = certificates.collect::<Vec<_>>();
    if certificates.is_empty() {
        return Err(format!("the trust roots {} hold no certificate", path.display()));
    }
    Ok(certificates)
}
