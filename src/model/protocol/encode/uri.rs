//! Encoding of paths and query strings (`BaseRestSerializer._render_uri_template` and `percent_encode` in
//! botocore).

use percent_encoding::utf8_percent_encode;

use super::EncodeError;
use crate::util::percent_encoding::{RESERVED, RESERVED_IN_PATH};

/// Appends a text, with all characters encoded except those that botocore keeps: letters, digits and `-._~`.
pub(super) fn percent_encode(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
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
        // A greedy label may span several segments of the path.
        let greedy = name.strip_suffix('+');
        let (name, set) = greedy.map_or((name, RESERVED), |name| (name, RESERVED_IN_PATH));
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
