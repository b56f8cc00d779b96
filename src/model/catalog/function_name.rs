//! Conversion of API operation names to the function names of boto3 and of scan specs.

/// Names with special cases in botocore, because the general rule splits them badly (`botocore/__init__.py`,
/// `_xform_cache`); read operations only.
const IRREGULAR: [(&str, &str); 11] = [
    ("DescribeCachediSCSIVolumes", "describe_cached_iscsi_volumes"),
    ("DescribeStorediSCSIVolumes", "describe_stored_iscsi_volumes"),
    ("GetLinkedWhatsAppBusinessAccount", "get_linked_whatsapp_business_account"),
    ("GetLinkedWhatsAppBusinessAccountPhoneNumber", "get_linked_whatsapp_business_account_phone_number"),
    ("GetOTelEnrichment", "get_otel_enrichment"),
    ("GetWhatsAppMessageMedia", "get_whatsapp_message_media"),
    ("GetWhatsAppMessageTemplate", "get_whatsapp_message_template"),
    ("ListHITsForQualificationType", "list_hits_for_qualification_type"),
    ("ListLinkedWhatsAppBusinessAccounts", "list_linked_whatsapp_business_accounts"),
    ("ListWhatsAppMessageTemplates", "list_whatsapp_message_templates"),
    ("ListWhatsAppTemplateLibrary", "list_whatsapp_template_library"),
];

/// Returns the snake-case name of an operation: `ListBuckets` is `list_buckets`.
///
/// Follows `xform_name` in `botocore/__init__.py`, whose three steps are: a trailing plural acronym (`ARNs`)
/// becomes a separate word; every capitalized word is split off; every change from a lower-case letter or digit to
/// an upper-case letter is split.
#[must_use]
pub fn function_name(operation: &str) -> String {
    if operation.contains('_') {
        return operation.to_owned();
    }
    if let Some((_, function)) = IRREGULAR.iter().find(|(name, _)| *name == operation) {
        return (*function).to_owned();
    }
    let mut name = operation.to_owned();
    if let Some(start) = plural_acronym(&name) {
        let acronym = name.split_off(start).to_lowercase();
        name = format!("{name}_{acronym}");
    }
    let name = split_before_words(&name);
    split_before_capitals(&name).to_lowercase()
}

/// Returns the start of a trailing `[A-Z]{2,}s`.
fn plural_acronym(name: &str) -> Option<usize> {
    let stem = name.strip_suffix('s')?;
    let capitals = stem.bytes().rev().take_while(u8::is_ascii_uppercase).count();
    (capitals >= 2).then_some(stem.len() - capitals)
}

/// Replaces `(.)([A-Z][a-z]+)` by `\1_\2`, from the left and without overlap.
fn split_before_words(name: &str) -> String {
    let bytes = name.as_bytes();
    let mut split = String::with_capacity(name.len() + 8);
    let mut index = 0;
    while index < bytes.len() {
        let starts_word = bytes.get(index + 1).is_some_and(u8::is_ascii_uppercase)
            && bytes.get(index + 2).is_some_and(u8::is_ascii_lowercase);
        split.push(char::from(bytes[index]));
        index += 1;
        if starts_word {
            split.push('_');
            split.push(char::from(bytes[index]));
            index += 1;
            while bytes.get(index).is_some_and(u8::is_ascii_lowercase) {
                split.push(char::from(bytes[index]));
                index += 1;
            }
        }
    }
    split
}

/// Replaces `([a-z0-9])([A-Z])` by `\1_\2`.
fn split_before_capitals(name: &str) -> String {
    let mut split = String::with_capacity(name.len() + 8);
    let mut before = None;
    for letter in name.chars() {
        let after_word =
            before.is_some_and(|before: char| before.is_ascii_lowercase() || before.is_ascii_digit());
        if after_word && letter.is_ascii_uppercase() {
            split.push('_');
        }
        split.push(letter);
        before = Some(letter);
    }
    split
}

#[cfg(test)]
mod tests {
    use super::function_name;

    #[test]
    fn follows_botocores_rule() {
        for (operation, function) in [
            ("ListBuckets", "list_buckets"),
            ("DescribeDBInstances", "describe_db_instances"),
            ("ListSAMLProviders", "list_saml_providers"),
            ("GetSAMLProvider", "get_saml_provider"),
            ("DescribeVpcs", "describe_vpcs"),
            ("ListWebACLs", "list_web_acls"),
            ("ListResourcesForWebACL", "list_resources_for_web_acl"),
            ("GetIPSet", "get_ip_set"),
            ("ListObjectsV2", "list_objects_v2"),
            ("DescribeReservedDBInstances", "describe_reserved_db_instances"),
            ("DescribeVTLDevices", "describe_vtl_devices"),
            ("DescribeStorediSCSIVolumes", "describe_stored_iscsi_volumes"),
            ("ListOpenIDConnectProviders", "list_open_id_connect_providers"),
        ] {
            assert_eq!(function_name(operation), function);
        }
    }
}
