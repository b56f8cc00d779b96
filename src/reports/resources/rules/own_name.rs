//! Names that are parts of an ARN or URL.

/// Kinds whose name is the last part of their ARN: service, kind. Other ARNs end in random characters.
const LAST_OF_ARN: &[(&str, &str)] = &[
    ("iam", "saml_provider"),
    ("iam", "virtual_mfa_device"),
    ("sns", "platform_application"),
    ("sns", "topic"),
    ("stepfunctions", "activity"),
];

/// Kinds that are listed as URLs that end in their name.
const LAST_OF_URL: &[(&str, &str)] = &[("sqs", "queue"), ("sqs", "dead_letter_source_queue")];

/// Kinds that are listed as texts that are no names but IDs.
const IDS: &[(&str, &str)] =
    &[("guardduty", "detector"), ("guardduty", "filter_id"), ("athena", "named_query")];

/// Returns the name in an ARN: what is after its last separator, without the type of the resource.
pub(super) fn of_arn(service: &str, kind: &str, arn: &str) -> Option<String> {
    // The name of a provider is its address, which can have a path.
    if let Some((_, address)) = arn.split_once(":oidc-provider/") {
        return Some(address.to_owned());
    }
    LAST_OF_ARN.contains(&(service, kind)).then(|| last(arn, &['/', ':']))?
}

/// Returns the name of a resource that is listed as a text.
pub(super) fn of_text(service: &str, kind: &str, text: &str) -> Option<String> {
    if text.starts_with("arn:") {
        return of_arn(service, kind, text);
    }
    if text.contains("://") {
        return LAST_OF_URL.contains(&(service, kind)).then(|| last(text, &['/']))?;
    }
    (!IDS.contains(&(service, kind))).then(|| text.to_owned())
}

fn last(text: &str, separators: &[char]) -> Option<String> {
    text.rsplit(separators).next().filter(|part| !part.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{of_arn, of_text};

    #[test]
    fn names_are_ends_of_arns() {
        assert_eq!(of_arn("sns", "topic", "arn:aws:sns:r:1:orders").as_deref(), Some("orders"));
        let provider = "arn:aws:iam::1:oidc-provider/oidc.eks.example.com/id/A1";
        let name = of_arn("iam", "open_id_connect_provider", provider);
        assert_eq!(name.as_deref(), Some("oidc.eks.example.com/id/A1"));
        assert_eq!(of_arn("kms", "key", "arn:aws:kms:r:1:key/1"), None);
    }

    #[test]
    fn text_is_a_name_unless_it_is_an_id() {
        assert_eq!(of_text("dynamodb", "table", "orders").as_deref(), Some("orders"));
        assert_eq!(of_text("guardduty", "detector", "d1"), None);
        assert_eq!(of_text("sqs", "queue", "https://sqs.example/1/q").as_deref(), Some("q"));
        assert_eq!(of_text("sns", "topic", "arn:aws:sns:r:1:orders").as_deref(), Some("orders"));
    }
}
