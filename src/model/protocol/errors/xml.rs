//! Decoding of XML errors.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

use super::ErrorDocument;

/// Decodes an error document.
///
/// All have an element `Error` with a code and a message, in different places: at the root (S3), in
/// `ErrorResponse` (query, rest-xml) or in `Response` and `Errors` (ec2). The readable part of a damaged document
/// is used.
pub(super) fn error(body: &[u8]) -> ErrorDocument {
    let mut error = ErrorDocument::default();
    let text = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(&text);
    let mut path: Vec<String> = Vec::new();
    let mut content = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                path.push(start.local_name().into_inner().to_owned());
                content.clear();
            }
            Ok(Event::Text(part)) => content.push_str(&part.xml10_content()),
            Ok(Event::CData(part)) => content.push_str(&part.xml10_content()),
            Ok(Event::GeneralRef(entity)) => match entity.resolve_char_ref() {
                Ok(Some(character)) => content.push(character),
                _ => content.push_str(resolve_predefined_entity(&entity).unwrap_or_default()),
            },
            Ok(Event::End(_)) => {
                let name = path.pop().unwrap_or_default();
                keep(&mut error, &name, path.last().map(String::as_str), &content);
                content.clear();
            }
            Ok(Event::Eof) | Err(_) => return error,
            Ok(_) => {}
        }
    }
}

/// Stores the text of an element of the error; the first of each name counts.
fn keep(error: &mut ErrorDocument, name: &str, parent: Option<&str>, text: &str) {
    let slot = match (name, parent) {
        ("Code", Some("Error")) => &mut error.code,
        ("Message", Some("Error")) => &mut error.message,
        ("HostId", Some("Error")) => error.host_id.get_or_insert_default(),
        // ec2 writes RequestID, and S3 has it inside the error.
        ("RequestId" | "RequestID", _) => error.request_id.get_or_insert_default(),
        _ => return,
    };
    if slot.is_empty() {
        text.clone_into(slot);
    }
}

/// Returns whether a body is an S3 error, which S3 may return with status 200 when it fails late.
#[must_use]
pub fn is_error_document(body: &[u8]) -> bool {
    // The root element is in the first few bytes.
    let text = String::from_utf8_lossy(&body[..body.len().min(1024)]);
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(root) | Event::Empty(root)) => return root.local_name().into_inner() == "Error",
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{error, is_error_document};

    #[test]
    fn an_error_document_is_known_by_its_root() {
        assert!(is_error_document(b"<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code></Error>"));
        assert!(is_error_document(b"<Error/>"));
        assert!(!is_error_document(b"<ListBucketResult><Error/></ListBucketResult>"));
        assert!(!is_error_document(b"{}"));
        assert!(!is_error_document(b""));
    }

    #[test]
    fn a_document_that_was_cut_short_still_has_its_code() {
        assert_eq!(error(b"<Error><Code>SlowDown</Code><Mess").code, "SlowDown");
    }
}
