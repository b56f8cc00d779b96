//! Bodies that come compressed although nobody asked for it, as some proxies send them.
//!
//! No request of this program has an `Accept-Encoding`, and botocore's says `identity`; but HTTP lets
//! a server compress all the same (RFC 9110, section 12.5.3), and a page is worth reading.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use crate::aws::http::ResponseLimit;

/// The body without the encoding that the header `Content-Encoding` names. One that is unknown leaves
/// the body as it is; the error is the end of a sentence. A few kilobytes may inflate to gigabytes of zeros,
/// so that the limit counts here once more.
pub(super) fn decoded<'body>(
    encoding: Option<&str>,
    body: &'body [u8],
    limit: ResponseLimit,
) -> Result<Cow<'body, [u8]>, String> {
    match encoding.map(|encoding| encoding.trim().to_ascii_lowercase()).as_deref() {
        _ if body.is_empty() => Ok(Cow::Borrowed(body)),
        Some("gzip" | "x-gzip") => inflate(MultiGzDecoder::new(body), limit),
        Some("deflate") => inflate(ZlibDecoder::new(body), limit),
        _ => Ok(Cow::Borrowed(body)),
    }
}

fn inflate<'body>(compressed: impl std::io::Read, limit: ResponseLimit) -> Result<Cow<'body, [u8]>, String> {
    let (mut plain, largest) = (Vec::new(), limit.bytes() as u64);
    // One byte more than may be, to see whether there is more.
    compressed
        .take(largest + 1)
        .read_to_end(&mut plain)
        .map_err(|cause| format!("its compressed body is damaged: {cause}"))?;
    if plain.len() as u64 > largest {
        return Err(format!("its body inflates to more than {limit}"));
    }
    Ok(Cow::Owned(plain))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use crate::aws::http::ResponseLimit;

    /// [`super::decoded`] with a limit of one MiB.
    fn decoded<'body>(
        encoding: Option<&str>,
        body: &'body [u8],
    ) -> Result<std::borrow::Cow<'body, [u8]>, String> {
        super::decoded(encoding, body, ResponseLimit::of_mebibytes(1).expect("a limit"))
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).expect("writes");
        encoder.finish().expect("writes")
    }

    #[test]
    fn a_compressed_body_is_inflated() {
        assert_eq!(decoded(Some("GZIP "), &gzip(b"{}")).as_deref(), Ok(&b"{}"[..]));
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"{}").expect("writes");
        assert_eq!(decoded(Some("deflate"), &zlib.finish().expect("writes")).as_deref(), Ok(&b"{}"[..]));
    }

    #[test]
    fn other_bodies_stay_as_they_are() {
        for encoding in [None, Some("identity"), Some("br")] {
            assert_eq!(decoded(encoding, b"{}").as_deref(), Ok(&b"{}"[..]));
        }
        assert_eq!(decoded(Some("gzip"), b"").as_deref(), Ok(&b""[..]));
    }

    #[test]
    fn a_damaged_body_and_one_without_end_are_refused() {
        let whole = gzip(b"{\"a\": 1}");
        assert!(decoded(Some("gzip"), &whole[..whole.len() - 4]).is_err());
        assert!(decoded(Some("gzip"), b"plain").is_err());
        assert!(decoded(Some("gzip"), &gzip(&vec![0; 1 << 20])).is_ok());
        let problem = decoded(Some("gzip"), &gzip(&vec![0; (1 << 20) + 1])).expect_err("a byte too many");
        assert_eq!(problem, "its body inflates to more than 1 MiB");
    }
}
