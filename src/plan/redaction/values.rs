//! Values that are not secrets whatever their names are: switches, numbers, dates, and references to secrets.

use super::REDACTED;
use crate::arn::Arn;

/// Returns whether a value is not a secret although its name sounds like one. Digits alone may be a password that
/// a user chose.
pub(super) fn is_harmless(value: &str, may_be_digits: bool) -> bool {
    let value = decisive(value);
    value.is_empty()
        || is_masked(value)
        || is_word(value)
        || (!may_be_digits && is_number(value))
        || is_date(value)
        || is_reference(value)
        || is_public(value)
        || is_place(value)
}

/// Returns whether a value only refers to the real one, so that it may be shown in an environment.
pub(super) fn is_reference(value: &str) -> bool {
    let value = decisive(value);
    let is_of_store = starts_with_one(
        value,
        &[
            "ssm:",
            "ssm-secure:",
            "secretsmanager:",
            "secretsmanager/",
            "vault:",
            "op://",
            "projects/",
            "/aws/reference/secretsmanager/",
            "resolve:",
            "aws:ssm:",
            "keyvault:",
            "akv://",
            "gcp-sm:",
        ],
    );
    is_of_store || is_arn(value) || is_expression(value)
}

/// Returns the part of a value that decides whether it is a secret. The longest values that are none are ARNs, of up
/// to 2,048 characters.
pub(super) fn decisive(value: &str) -> &str {
    const LONGEST: usize = 2048;
    let value = value.trim_start();
    value[..value.floor_char_boundary(LONGEST)].trim_end()
}

/// Returns whether a value mixes lower-case letters, upper-case letters and digits, as passwords do and few
/// words.
pub(super) fn is_made_up(value: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| value.as_bytes().iter().any(kind);
    (8..=64).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_graphic() && !b"/:.,=\"'`(){}[]<>|".contains(&byte))
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_digit)
        && !is_reference(value)
}

/// Returns whether a value was already masked, by this program or by the service.
fn is_masked(value: &str) -> bool {
    value.starts_with("[redacted")
        || value == REDACTED
        || value.bytes().all(|byte| matches!(byte, b'*' | b'-' | b'.'))
        || value.chars().all(|sign| matches!(sign, '•' | '●' | '…'))
        || (value.len() >= 3 && value.bytes().all(|byte| matches!(byte, b'x' | b'X')))
        || matches_one(
            value,
            &[
                "<redacted>",
                "redacted",
                "<hidden>",
                "<sensitive>",
                "(sensitive)",
                "hidden",
                "(sensitive value)",
                "sensitive",
                "<secret>",
                "masked",
                "<masked>",
            ],
        )
}

/// Returns whether a value is a word for a setting, a method or a state, or the name of a type.
fn is_word(value: &str) -> bool {
    matches_one(value, &WORDS)
}

// One word per line would fill a page.
#[rustfmt::skip]
const WORDS: [&str; 101] = [
    "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "enable", "disable", "none",
    "null", "nil", "undefined", "n/a", "na", "unknown", "required", "optional", "default", "auto",
    "automatic", "manual", "managed", "rotated", "active", "inactive", "present", "absent", "set",
    "unset", "any", "all", "always", "never", "iam", "basic", "bearer", "oauth", "oauth2", "oidc",
    "saml", "ldap", "kerberos", "mtls", "tls", "ssl", "scram", "plain", "sasl", "jwt", "hmac", "aes",
    "rsa", "ecdsa", "kms", "aws:kms", "aes256", "aes128", "sse-s3", "sse-kms", "sse_s3", "sse_kms",
    "rsa_2048", "rsa_4096", "aws_owned_key", "aws_owned_cmk", "customer_managed_key", "aws_managed_key",
    "string", "str", "text", "number", "integer", "boolean", "bool", "object", "array", "securestring",
    "stringlist", "plaintext", "secrets_manager", "secrets-manager", "secretsmanager", "parameter_store",
    "api_key", "apikey", "md5", "sha256", "scram-sha-256", "caching_sha2_password",
    "mysql_native_password", "user_password", "service_account", "header", "query", "path", "body", "ok",
    "alarm", "insufficient_data",
];

fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    digits.len() <= 12
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'%'))
        && digits.bytes().any(|byte| byte.is_ascii_digit())
}

/// Returns whether a value is a date like `2026-11-28`, or a time that starts with one.
pub(super) fn is_date(value: &str) -> bool {
    let bytes = value.as_bytes();
    let is_day = bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    is_day && bytes[10..].iter().all(|byte| byte.is_ascii_digit() || b"T:Z+-. ".contains(byte))
}

fn is_arn(value: &str) -> bool {
    Arn::parse(value).is_some() && !value.contains(char::is_whitespace)
}

/// Returns whether a value is an expression that another program resolves: `{{resolve:ssm:name}}`, `${NAME}`,
/// `$NAME`, `%NAME%`, `!Ref Name`, `method.request.header.x-api-key`, `process.env.NAME`.
fn is_expression(value: &str) -> bool {
    let wrapped = |open, close| value.len() > 2 && value.starts_with(open) && value.ends_with(close);
    let is_name = |text: &str| {
        let mut bytes = text.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_.-[]'".contains(&byte))
    };
    value.contains("{{resolve:")
        || wrapped("{{", "}}")
        || wrapped("${", "}")
        || wrapped("$(", ")")
        || wrapped("<", ">")
        || wrapped("#{", "}#")
        || wrapped("#{", "}")
        || value
            .strip_prefix('$')
            .is_some_and(|name| is_name(name) && name.bytes().all(|byte| !byte.is_ascii_digit()))
        || (value.starts_with("$.") || value.starts_with("$$.")) && !value.contains(char::is_whitespace)
        || value.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(is_name)
        || starts_with_one(
            value,
            &[
                "!Ref",
                "!GetAtt",
                "!Sub",
                "!ImportValue",
                "!Join",
                "!Select",
                "!If",
                "!FindInMap",
                "!reference",
                "Fn::",
                "method.request.",
                "method.response.",
                "integration.request.",
                "integration.response.",
                "route.request.",
                "stageVariables.",
                "context.",
                "$context.",
                "$request.",
                "$response.",
                "$input",
                "$stageVariables.",
                "$event.",
                "$util.",
                "$ctx.",
                "process.env",
                "os.environ",
                "os.getenv",
                "os.Getenv",
                "System.getenv",
                "ENV[",
                "env.",
                "env(",
                "var.",
                "local.",
                "secrets.",
                "params.",
                "data.aws_",
                "aws_secretsmanager",
                "module.",
                "config.",
                "self.",
                "this.",
                "getenv(",
                "Deno.env",
                "import.meta",
            ],
        )
}

/// Returns whether a value is a public key, the name of a key, or the id of a resource.
fn is_public(value: &str) -> bool {
    starts_with_one(
        value,
        &[
            "ssh-rsa ",
            "ssh-dss ",
            "ssh-ed25519 ",
            "ecdsa-sha2-",
            "sk-ssh-",
            "sk-ecdsa-",
            "-----BEGIN PUBLIC KEY",
            "-----BEGIN RSA PUBLIC KEY",
            "-----BEGIN CERTIFICATE",
            "-----BEGIN PGP PUBLIC",
            "alias/",
        ],
    ) || is_resource_id(value)
        || is_ip_address(value)
}

/// Returns whether a value is the id of a resource: `key-0123456789abcdef0`, `vpc-1a2b3c4d`, `mrk-` and a number.
fn is_resource_id(value: &str) -> bool {
    value.split_once('-').is_some_and(|(kind, number)| {
        (matches!(number.len(), 8 | 17) || (kind == "mrk" && number.len() == 32))
            && (1..=8).contains(&kind.len())
            && kind.bytes().all(|byte| byte.is_ascii_lowercase())
            && number.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

fn is_ip_address(value: &str) -> bool {
    value.parse::<std::net::IpAddr>().is_ok()
}

/// Returns whether a value is the path of a file or parameter that contains the secret:
/// `/etc/ssl/private/server.pem`, `/prod/db/password`.
fn is_place(value: &str) -> bool {
    let is_path = |path: &str| {
        path.split('/').all(|part| {
            part.len() <= 32
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-{}$~".contains(&byte))
        })
    };
    let has_kind = |path: &str| {
        let kinds =
            ["pem", "key", "crt", "cer", "jks", "p12", "pfx", "json", "txt", "yaml", "yml", "conf", "env"];
        path.rsplit_once('.').is_some_and(|(_, kind)| kinds.contains(&kind))
    };
    let Some(path) = ["file://", "./", "../", "~/", "/"].iter().find_map(|start| value.strip_prefix(start))
    else {
        return starts_with_one(value, &["s3://"]) && !value.contains('?');
    };
    let last = path.rsplit('/').next().unwrap_or_default();
    is_path(path)
        && (has_kind(path)
            || (path.contains('/') && super::names::meaning(last).is_some())
            || starts_with_one(path, &["run/secrets/", "etc/", "var/run/secrets/", "home/", "opt/", "usr/"]))
}

fn starts_with_one(value: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| value.starts_with(prefix))
}

fn matches_one(value: &str, words: &[&str]) -> bool {
    value.len() <= 32 && words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

#[cfg(test)]
mod tests {
    use super::is_harmless;

    /// A value that only describes where or how is no secret.
    #[test]
    fn plain_settings_and_places_are_no_secrets() {
        for value in [
            "",
            "****",
            "no",
            "False",
            "required",
            "4096",
            "2026-11-28",
            "2026-11-28T06:00:00Z",
            "[redacted]",
            "[redacted:0123456789ab]",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
            "{{resolve:secretsmanager:db:SecretString:password}}",
            "${DB_PASSWORD}",
            "$DB_PASSWORD",
            "%TOKEN%",
            "method.request.header.x-api-key",
            "$context.authorizer.token",
            "!Ref DbPassword",
            "<password>",
            "alias/app",
            "ssh-rsa AAAAB3Nza",
            "key-0123456789abcdef0",
            "10.0.0.7",
            "/prod/db/password",
            "/etc/ssl/server.pem",
            "process.env.API_KEY",
            "AES256",
            "ssm:/prod/token",
        ] {
            assert!(is_harmless(value, false), "{value}");
        }
    }

    #[test]
    fn possible_secret_is_no_plain_setting() {
        for value in [
            "hunter2",
            "S3cr001Qz",
            "correct horse",
            "Passw0rd!",
            "a",
            "/9j/4AAQSkZJRgABAQ+x==",
            "$ecret1",
            "1234567890abcdef",
            "pa$$word",
            "x",
            "prod-eu",
            "0123456789012345678901234567890123456789",
        ] {
            assert!(!is_harmless(value, true), "{value}");
        }
        assert!(!is_harmless("12345678", true) && is_harmless("12345678", false));
    }
}
