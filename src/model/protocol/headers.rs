//! Access to the headers of a response, independent of the HTTP library.

use aws_smithy_runtime_api::http::Headers;
use http::HeaderMap;

/// The headers of a response.
pub trait ResponseHeaders {
    /// Returns the value of the header `name`, in any case; `None` also when it is not text.
    fn value(&self, name: &str) -> Option<&str>;

    /// Returns all headers, in their stored case.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)>;
}

impl ResponseHeaders for HeaderMap {
    fn value(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter()
            .filter_map(|(name, value)| Some((name.as_str(), std::str::from_utf8(value.as_bytes()).ok()?)))
    }
}

impl ResponseHeaders for Headers {
    fn value(&self, name: &str) -> Option<&str> {
        self.get(name)
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter_bytes().filter_map(|(name, value)| Some((name, std::str::from_utf8(value).ok()?)))
    }
}

impl<Name: AsRef<str>, Text: AsRef<str>> ResponseHeaders for [(Name, Text)] {
    fn value(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(candidate, _)| candidate.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::ResponseHeaders;

    #[test]
    fn names_are_compared_without_regard_to_case() {
        let headers = [("X-Amz-Request-Id", "1")];
        assert_eq!(headers.value("x-amz-request-id"), Some("1"));
        assert_eq!(headers.value("x-amz-id-2"), None);

        let mut map = http::HeaderMap::new();
        map.insert("X-Amz-Request-Id", http::HeaderValue::from_static("1"));
        assert_eq!(map.value("X-AMZ-REQUEST-ID"), Some("1"));
    }
}
