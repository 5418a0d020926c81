//! HTTPS with everything bounded: no redirects, no proxy, 10 seconds, 64 KiB.
use crate::{Fail, Why, config::Config};
use std::{io, sync::Arc, time::Duration};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body, Error, http::Response};

pub const TIMEOUT: Duration = Duration::from_secs(10);
const LIMIT: u64 = 65536;

pub struct Http(Agent);

/// No answer.
pub struct Lost {
    pub why: &'static str,
    /// It may be better the next time.
    pub passing: bool,
}

impl From<Lost> for Fail {
    fn from(lost: Lost) -> Self {
        Self(Why::Unreachable, lost.why)
    }
}

pub type Answer = Result<(u16, Vec<u8>), Lost>;

impl Http {
    pub fn new(config: &Config) -> Self {
        let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(crypto)
            .root_certs(RootCerts::new_with_certs(&config.roots))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .https_only(true)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(0) // a kept connection may be closed by the other side just as it is used again
            .user_agent("mianzheng-phone")
            .accept("application/json")
            .timeout_global(Some(TIMEOUT))
            .max_response_header_size(16384)
            .build();
        Self(agent.new_agent())
    }

    pub fn get(&self, uri: &str) -> Answer {
        read(self.0.get(uri).call())
    }

    /// Posts a form, with the value of an Authorization header if there is one.
    pub fn post(&self, uri: &str, login: Option<&str>, form: &[(&str, &str)], timeout: Duration) -> Answer {
        let mut request = self.0.post(uri).config().timeout_global(Some(timeout)).build();
        if let Some(login) = login {
            request = request.header("Authorization", login);
        }
        read(request.send_form(form.iter().copied()))
    }
}

fn read(response: Result<Response<Body>, Error>) -> Answer {
    let mut response = response.map_err(|e| lost(&e))?;
    let body = response.body_mut().with_config().limit(LIMIT).read_to_vec().map_err(|e| lost(&e))?;
    Ok((response.status().as_u16(), body))
}

fn lost(error: &Error) -> Lost {
    let (why, passing) = match error {
        Error::Timeout(_) => ("the provider does not answer in time", true),
        Error::HostNotFound => ("the provider's name cannot be resolved", true),
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => ("the provider's answer is too large", false),
        Error::Rustls(_) | Error::Tls(_) => ("no TLS with the provider", false),
        Error::Io(e) => match tls(e) {
            Some(rustls::Error::InvalidCertificate(_)) => ("the provider's certificate is not trusted", false),
            Some(_) => ("no TLS with the provider", false),
            None => ("the provider cannot be reached", true),
        },
        Error::ConnectionFailed => ("the provider cannot be reached", true),
        Error::Protocol(_) => ("the provider does not speak HTTP", false),
        _ => ("the request cannot be made", false),
    };
    Lost { why, passing }
}

fn tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}
