//! Decompression of bodies that are compressed although the request did not accept it, as some proxies do.
//!
//! Requests of this program have no `Accept-Encoding`, and botocore's is `identity`; but HTTP allows a server to
//! compress anyway (RFC 9110, section 12.5.3).

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use crate::aws::http::ResponseLimit;

/// Decompresses a body as its header `Content-Encoding` requires; a body with an unknown encoding is returned
/// unchanged. A few kilobytes may inflate to gigabytes of zeros, so that the size limit applies here as well.
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
    let (mut plain, max_bytes) = (Vec::new(), limit.bytes() as u64);
    // One byte more than the limit, to detect a larger body.
    compressed
        .take(max_bytes + 1)
        .read_to_end(&mut plain)
        .map_err(|cause| format!("the compressed body is damaged: {cause}"))?;
    if plain.len() as u64 > max_bytes {
        return Err(format!("the body inflates to more than {limit}"));
    }
    Ok(Cow::Owned(plain))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use crate::aws::http::ResponseLimit;

    /// Calls [`super::decoded`] with a limit of one MiB.
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
        assert_eq!(problem, "the body inflates to more than 1 MiB");
    }
}
