//! The characters that are percent-encoded in URLs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// All characters that are not unreserved (RFC 3986, section 2.3).
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same without the slash: for whole paths.
pub(crate) const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');
