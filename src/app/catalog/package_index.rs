//! Finds and fetches botocore in an index of Python packages, by the simple repository API.
//!
//! Indexes return JSON or HTML (<https://packaging.python.org/en/latest/specifications/simple-repository-api/>).
//! A file is used only if it has the SHA-256 hash that the index names.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use percent_encoding::percent_decode_str;
use regex_lite::Regex;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::installed::version_key;
use crate::aws::http::address::parse_url;
use crate::aws::http::download::Download;
use crate::util::hexadecimal::hexadecimal;

const ACCEPT: &str =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// An index of Python packages.
#[derive(Debug)]
pub(crate) struct PackageIndex {
    /// The page of botocore.
    page: Uri,
    /// The value of the header `authorization`, from the user and password of the URL.
    authorization: Option<String>,
}

/// A wheel of botocore in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PackageLink {
    /// The version of botocore.
    pub(crate) version: String,
    url: String,
    sha256: Option<String>,
}

/// A page in JSON.
#[derive(Deserialize)]
struct SimplePage {
    files: Vec<SimpleFile>,
}

/// A file of a page in JSON.
#[derive(Deserialize)]
struct SimpleFile {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: FileHashes,
    #[serde(default)]
    yanked: serde_json::Value,
}

/// The hashes of a file.
#[derive(Default, Deserialize)]
struct FileHashes {
    sha256: Option<String>,
}

impl PackageIndex {
    /// Parses the URL of an index, which has to be https, or of this machine. It may have a user and a password.
    ///
    /// # Errors
    ///
    /// A sentence without the password.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let (plain, user) = split_user(url);
        let page = parse_url(&format!("{}/botocore/", plain.trim_end_matches('/')))?;
        let authorization = user.map(|user| {
            let decoded: Vec<u8> = percent_decode_str(&user).collect();
            format!("Basic {}", STANDARD.encode(decoded))
        });
        Ok(Self { page, authorization })
    }

    /// Finds a version of botocore; `None` means the newest release.
    ///
    /// # Errors
    ///
    /// A sentence if the index cannot be read, or has no such version.
    pub(crate) async fn find(
        &self,
        version: Option<&str>,
        http: &SharedHttpClient,
    ) -> Result<PackageLink, String> {
        let download = download("index pages", 64, self.authorization.clone());
        let page = download.fetch(&self.page, http).await?;
        let links = links(&page);
        let found = links.into_iter().filter(|link| match version {
            Some(version) => link.version == version,
            None => version_key(&link.version).is_some(),
        });
        found.max_by_key(|link| version_key(&link.version)).ok_or_else(|| {
            let version = version.map_or_else(String::new, |version| format!(" {version}"));
            format!("{} has no wheel of botocore{version}", self.page)
        })
    }

    /// Fetches a wheel, and checks its hash.
    ///
    /// # Errors
    ///
    /// A sentence if it cannot be fetched, or is another file than the index names.
    pub(crate) async fn fetch(&self, link: &PackageLink, http: &SharedHttpClient) -> Result<Vec<u8>, String> {
        let expected = link.sha256.as_ref().ok_or_else(|| {
            format!(
                "{} names no SHA-256 hash of botocore {}, so the file cannot be checked",
                self.page, link.version
            )
        })?;
        let url = parse_url(&joined(&self.page, &link.url))?;
        let is_same_host = url.authority() == self.page.authority();
        let authorization = self.authorization.clone().filter(|_| is_same_host);
        let wheel = download("wheels", 256, authorization).fetch(&url, http).await?;
        let actual = hexadecimal(&Sha256::digest(&wheel));
        if actual.eq_ignore_ascii_case(expected) {
            Ok(wheel)
        } else {
            Err(format!(
                "{url} is not the file that the index names: its SHA-256 hash is {actual}, not {expected}"
            ))
        }
    }
}

/// Returns the bounds of a download.
fn download(what: &'static str, mebibytes: usize, authorization: Option<String>) -> Download {
    Download {
        what,
        accept: ACCEPT,
        authorization,
        largest: mebibytes * 1024 * 1024,
        wait: Duration::from_mins(5),
    }
}

/// Splits a URL into the URL without user and password, and these.
fn split_user(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rsplit_once('@') {
        Some((user, host)) => (format!("{scheme}://{host}{}", &rest[end..]), Some(user.to_owned())),
        None => (url.to_owned(), None),
    }
}

/// Returns the wheels of a page in JSON or HTML, except for those that were yanked.
fn links(page: &[u8]) -> Vec<PackageLink> {
    let text = String::from_utf8_lossy(page);
    match serde_json::from_str::<SimplePage>(&text) {
        Ok(page) => {
            let files = page.files.into_iter().filter(|file| !is_yanked(&file.yanked));
            files.filter_map(|file| link(&file.filename, file.url, file.hashes.sha256)).collect()
        }
        Err(_) => html_links(&text),
    }
}

fn is_yanked(value: &serde_json::Value) -> bool {
    value.as_bool().unwrap_or(value.is_string())
}

fn html_links(text: &str) -> Vec<PackageLink> {
    let Ok(anchor) = Regex::new(r"(?is)<a\s([^>]*)>\s*([^<]*?)\s*</a>") else { return Vec::new() };
    let Ok(address) = Regex::new(r#"(?i)href\s*=\s*["']([^"']*)["']"#) else { return Vec::new() };
    let anchors = anchor.captures_iter(text).filter(|captures| !captures[1].contains("data-yanked"));
    anchors
        .filter_map(|captures| {
            let url = address.captures(&captures[1])?[1].replace("&amp;", "&");
            let (url, fragment) = url.split_once('#').unwrap_or((&url, ""));
            let sha256 = fragment.strip_prefix("sha256=").map(str::to_owned);
            link(&captures[2], url.to_owned(), sha256)
        })
        .collect()
}

/// Returns the link of a file if it is a wheel of botocore.
fn link(name: &str, url: String, sha256: Option<String>) -> Option<PackageLink> {
    let version = name.strip_prefix("botocore-")?.strip_suffix("-py3-none-any.whl")?;
    Some(PackageLink { version: version.to_owned(), url, sha256 })
}

/// Returns the URL of a link on a page.
fn joined(page: &Uri, link: &str) -> String {
    let scheme = page.scheme_str().unwrap_or("https");
    let authority = page.authority().map_or("", |authority| authority.as_str());
    if link.contains("://") {
        return link.to_owned();
    }
    if link.starts_with("//") {
        return format!("{scheme}:{link}");
    }
    let mut folders: Vec<&str> =
        if link.starts_with('/') { Vec::new() } else { page.path().split('/').collect() };
    folders.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(folders.pop()),
            "." => {}
            part => folders.push(part),
        }
    }
    format!("{scheme}://{authority}/{}", folders.join("/").trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::{PackageIndex, joined, links};

    #[test]
    fn wheels_are_found_in_json_and_in_html() {
        let json = r#"{"files": [
            {"filename": "botocore-1.44.8-py3-none-any.whl", "url": "w", "hashes": {"sha256": "aa"}},
            {"filename": "botocore-1.44.9-py3-none-any.whl", "url": "y", "hashes": {}, "yanked": "broken"},
            {"filename": "botocore-1.44.8.tar.gz", "url": "s", "hashes": {"sha256": "bb"}, "yanked": false}]}"#;
        let html = r#"<html><a href="w#sha256=aa" data-requires-python="&gt;=3.9">botocore-1.44.8-py3-none-any.whl</a>
            <a data-yanked="broken" href="y#sha256=bb">botocore-1.44.9-py3-none-any.whl</a>
            <a href="s#sha256=cc">botocore-1.44.8.tar.gz</a></html>"#;
        for page in [json, html] {
            let found: Vec<_> = links(page.as_bytes())
                .into_iter()
                .map(|link| (link.version, link.url, link.sha256))
                .collect();
            assert_eq!(found, [("1.44.8".to_owned(), "w".to_owned(), Some("aa".to_owned()))], "{page}");
        }
    }

    #[test]
    fn links_are_relative_to_their_page() {
        let page = "https://host:8443/team/simple/botocore/".parse().expect("a URL");
        for (link, url) in [
            ("https://files.example/a.whl", "https://files.example/a.whl"),
            ("//files.example/a.whl", "https://files.example/a.whl"),
            ("/a.whl", "https://host:8443/a.whl"),
            ("a.whl", "https://host:8443/team/simple/botocore/a.whl"),
            ("../../files/a.whl", "https://host:8443/team/files/a.whl"),
        ] {
            assert_eq!(joined(&page, link), url, "{link}");
        }
    }

    #[test]
    fn user_of_index_becomes_a_header() {
        let index = PackageIndex::parse("https://me:p%40ss@host/simple").expect("an index");
        assert_eq!(index.page, "https://host/simple/botocore/");
        // base64 of `me:p@ss`
        assert_eq!(index.authorization.as_deref(), Some("Basic bWU6cEBzcw=="));
    }

    #[test]
    fn index_has_to_be_https_or_this_machine() {
        for url in ["https://pypi.org/simple/", "http://127.0.0.1:1/simple", "http://localhost/simple"] {
            assert!(PackageIndex::parse(url).is_ok(), "{url}");
        }
        for url in ["http://pypi.org/simple", "ftp://pypi.org/simple", "https://169.254.169.254/simple"] {
            let message = PackageIndex::parse(url).expect_err("an error");
            assert!(message.contains("https") || message.contains("link-local"), "{message}");
        }
        let message = PackageIndex::parse("http://me:secret@pypi.org/simple").expect_err("an error");
        assert!(!message.contains("secret"), "{message}");
    }
}
