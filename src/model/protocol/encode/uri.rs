//! Encoding of paths and query strings (`BaseRestSerializer._render_uri_template` and `percent_encode` in
//! botocore).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::EncodeError;

/// The characters to encode: all except those that botocore keeps, letters, digits and `-._~`.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The characters to encode in a greedy label, which may span several segments of the path.
const GREEDY: &AsciiSet = &UNRESERVED.remove(b'/');

/// Appends a text, with all characters encoded that are not unreserved.
pub(super) fn percent_encode(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, UNRESERVED));
}

/// Replaces the labels of a `requestUri`; `label` returns their values.
pub(super) fn fill_template<'value>(
    template: &str,
    label: impl Fn(&str) -> Option<&'value str>,
) -> Result<String, EncodeError> {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{')
        && let Some((name, after)) = after.split_once('}')
    {
        out.push_str(before);
        let (name, set) = name.strip_suffix('+').map_or((name, UNRESERVED), |name| (name, GREEDY));
        // An empty label would address another resource, often the list of all.
        let value = label(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| EncodeError::new("is part of the path and must not be empty").within(name))?;
        out.extend(utf8_percent_encode(value, set));
        rest = after;
    }
    out.push_str(rest);
    if !out.starts_with('/') {
        out.insert(0, '/');
    }
    Ok(out)
}

/// Appends pairs to the query string of a path, which may have a fixed query string.
pub(super) fn append_query<'pair>(
    path: &mut String,
    pairs: impl IntoIterator<Item = (&'pair str, &'pair str)>,
) {
    for (name, value) in pairs {
        path.push(if path.contains('?') { '&' } else { '?' });
        percent_encode(path, name);
        path.push('=');
        percent_encode(path, value);
    }
}

#[cfg(test)]
mod tests {
    use super::{append_query, fill_template};

    fn fill(template: &str) -> Result<String, String> {
        fill_template(template, |name| match name {
            "Bucket" => Some("my bucket"),
            "Key" => Some("a/b~c?d"),
            "Empty" => Some(""),
            _ => None,
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn labels_are_encoded_and_greedy_ones_keep_their_slashes() {
        assert_eq!(fill("/{Bucket}/{Key}").unwrap(), "/my%20bucket/a%2Fb~c%3Fd");
        assert_eq!(fill("/{Bucket}/{Key+}?acl").unwrap(), "/my%20bucket/a/b~c%3Fd?acl");
    }

    #[test]
    fn an_absent_or_empty_label_is_refused() {
        assert!(fill("/{Empty}/x").unwrap_err().contains("`Empty`"));
        assert!(fill("/{Other}").unwrap_err().contains("`Other`"));
    }

    #[test]
    fn a_fixed_query_string_is_kept() {
        let mut path = "/?list-type=2".to_owned();
        append_query(&mut path, [("prefix", "a b"), ("x", "")]);
        assert_eq!(path, "/?list-type=2&prefix=a%20b&x=");
    }
}
