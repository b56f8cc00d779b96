//! The meaning of names: one list, for every kind of named value.
//!
//! A name is split into words, and read from its end: `DB_Password`, `dbPassword`, `spring.datasource.password`
//! and `--db-password` are equal. Numbers, stages and words such as `value` and `hash` after the decisive word do
//! not change its meaning: `password1`, `TOKEN_PROD`, `secretString`.

mod vocabulary;
mod words;

use vocabulary::{
    ADMITTING, DATABASES, IDENTIFYING, PASSES, TURNING, WITH_KEY, WITH_PASS, is_appendix, is_one_of,
};
use words::{Word, Words};

/// The meaning of a name for its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameMeaning {
    /// A secret that users choose: digits alone may be one.
    Password,
    /// A key, a token or another secret that programs generate.
    Secret,
    /// A URL that grants access if it contains a password; any other value is a secret.
    Address,
    /// The variables of an environment.
    Environment,
    /// A value named `key`, which is a secret in a map and means nothing anywhere else.
    Key,
}

/// Returns the meaning of a name; `None` if it has none.
pub(super) fn meaning(name: &str) -> Option<NameMeaning> {
    let words = Words::of(name);
    let mut words = words.list();
    loop {
        if let Some(meaning) = of_words(words) {
            return Some(meaning);
        }
        match words.split_first() {
            Some((last, rest)) if !rest.is_empty() && is_appendix(last.as_bytes()) => words = rest,
            _ => return None,
        }
    }
}

/// Returns whether the value of an entry with this name is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    matches!(meaning(name), Some(NameMeaning::Password | NameMeaning::Secret | NameMeaning::Address))
}

/// Returns whether the value of a name is the variables of an environment.
pub(super) fn is_environment(name: &str) -> bool {
    meaning(name) == Some(NameMeaning::Environment)
}

/// Returns the meaning of words, the last of a name first.
fn of_words(words: &[Word]) -> Option<NameMeaning> {
    let last = words.first()?.as_bytes();
    let before = words.get(1).map_or(&b""[..], Word::as_bytes);
    let further = words.get(2).map_or(&b""[..], Word::as_bytes);
    match last {
        b"password" | b"passwords" | b"passwd" | b"passphrase" | b"passphrases" | b"passcode" | b"pwd"
        | b"pw" => Some(NameMeaning::Password),
        b"pass" => (!is_one_of(before, PASSES)).then_some(NameMeaning::Password),
        b"secret" | b"secrets" | b"credential" | b"credentials" | b"cred" | b"creds" | b"auth"
        | b"authorization" | b"cookie" | b"cookies" | b"jwt" | b"bearer" | b"apikey" | b"apikeys" => {
            Some(NameMeaning::Secret)
        }
        b"token" | b"tokens" => (!is_one_of(before, TURNING)).then_some(NameMeaning::Secret),
        b"key" | b"keys" if before.is_empty() => Some(NameMeaning::Key),
        b"key" | b"keys" => {
            let identifies = is_one_of(before, IDENTIFYING) || (before, further) == (b"3", b"s");
            (!identifies).then_some(NameMeaning::Secret)
        }
        b"dsn" => Some(NameMeaning::Address),
        b"string" | b"str" if is_one_of(before, &[b"connection", b"conn", b"connect"]) => {
            Some(NameMeaning::Address)
        }
        b"conn" | b"connection" if is_one_of(before, DATABASES) => Some(NameMeaning::Address),
        b"url" | b"uri" | b"urls" | b"uris" => match before {
            b"connection" => Some(NameMeaning::Address),
            b"webhook" | b"sas" => Some(NameMeaning::Secret),
            _ => is_one_of(before, DATABASES).then_some(NameMeaning::Address),
        },
        b"webhook" | b"webhooks" => Some(NameMeaning::Secret),
        b"code" => is_one_of(before, ADMITTING).then_some(NameMeaning::Secret),
        // Headers by which an origin recognizes its distribution.
        b"verify" => {
            let is_header = is_one_of(before, &[b"origin", b"cloudfront", b"cdn", b"x"]) || further == b"x";
            is_header.then_some(NameMeaning::Secret)
        }
        b"env" | b"envs" | b"environment" | b"environments" | b"vars" | b"envvars" => {
            Some(NameMeaning::Environment)
        }
        b"variables" | b"variable" => Some(NameMeaning::Environment),
        _ => of_joined(last),
    }
}

/// Returns the meaning of a word that is several words written as one: `dbpassword`, `apikey`.
fn of_joined(word: &[u8]) -> Option<NameMeaning> {
    let before = |ending: &[u8]| word.strip_suffix(ending).filter(|before| !before.is_empty());
    let ends = |endings: &[&[u8]]| endings.iter().any(|ending| before(ending).is_some());
    if ends(&[b"password", b"passwords", b"passwd", b"passphrase", b"pwd"]) {
        return Some(NameMeaning::Password);
    }
    if before(b"pass").is_some_and(|before| is_one_of(before, WITH_PASS)) {
        return Some(NameMeaning::Password);
    }
    if ends(&[b"secret", b"secrets", b"credential", b"credentials", b"apikey", b"apikeys"]) {
        return Some(NameMeaning::Secret);
    }
    if let Some(before) = before(b"token").or_else(|| before(b"tokens")) {
        return (!TURNING.iter().any(|word| before.ends_with(word))).then_some(NameMeaning::Secret);
    }
    if let Some(before) = before(b"key").or_else(|| before(b"keys")) {
        return WITH_KEY.iter().any(|word| before.ends_with(word)).then_some(NameMeaning::Secret);
    }
    if before(b"auth").is_some_and(|before| is_one_of(before, &[b"basic", b"http", b"user", b"proxy"])) {
        return Some(NameMeaning::Secret);
    }
    if ends(&[b"webhookurl"]) || word == b"webhookurl" {
        return Some(NameMeaning::Secret);
    }
    if matches!(word, b"connectionstring" | b"connstr" | b"connstring" | b"connectionurl")
        || ends(&[b"connectionstring", b"connstr", b"connstring", b"connectionurl", b"dsn"])
    {
        return Some(NameMeaning::Address);
    }
    if let Some(before) = before(b"url").or_else(|| before(b"uri")) {
        return is_one_of(before, DATABASES).then_some(NameMeaning::Address);
    }
    ends(&[b"variables", b"envvars"]).then_some(NameMeaning::Environment)
}

#[cfg(test)]
mod tests {
    use super::{NameMeaning, is_environment, is_secret, meaning};

    #[test]
    fn names_of_secrets_are_known_in_every_style() {
        let names = "password PASSWORD dbPassword DB_PASSWORD db-password db.password passwords password1 \
            password_prod PASSWORD_V2 MyPassword2Prod passwd htpasswd passphrase passcode pwd MYSQL_PWD PGPASSWORD \
            pass db_pass dbpass PGPASS requirepass --password *password *myRDSPassword /MasterUserPassword pw \
            secret secrets client_secret clientSecret CLIENT_SECRET SecretString secret-value x-secret \
            token tokens OAuthToken HECToken TOKEN_PROD authtoken vault.hashicorp.com/token hf_token \
            encryption_key signing_key license_key auth_key master_key account_key ssh_key deploy_key jwt_key \
            hmac_key app_key routing_key integration_key api_key apiKey API_KEYS ApiKey X-Api-Key accountkey \
            masterkey accessKey AWSAccessKey secret_key fs.s3a.secret.key bgp_auth_key privateKeyPem stream-key \
            creds credential credentials auth authorization Authorization overwrite:header.authorization hf_auth \
            cookie Set-Cookie jwt bearer X-Origin-Verify X-Custom-Verify activationCode registration_code \
            slack_webhook webhook_url smtp_auth_password sasl.scram.password javax.jdo.option.ConnectionPassword \
            DBPasswd AuthToken UserSecretAccessKey password_hash TOKEN1 basicauth http_auth session_key";
        for name in names.split_ascii_whitespace() {
            assert!(is_secret(name), "{name}: {:?}", meaning(name));
        }
        for name in [
            "connection_string",
            "database_url",
            "DATABASE_URL",
            "dsn",
            "SENTRY_DSN",
            "redisUrl",
            "mongodb_uri",
            "ConnectionString",
            "jdbc_connection_url",
            "core.sql_alchemy_conn",
            "celery_broker_url",
        ] {
            assert_eq!(meaning(name), Some(NameMeaning::Address), "{name}");
        }
        assert_eq!(
            (meaning("key"), meaning("KEYS"), meaning("key1")),
            (Some(NameMeaning::Key), Some(NameMeaning::Key), Some(NameMeaning::Key))
        );
    }

    #[test]
    fn names_that_only_hold_such_a_word_are_not() {
        let names = "KeyName keyId KeyArn key_alias KmsKey kms-key PublicKey public_key primaryKey partition_key sort-key \
            SortKey hashKey rangeKey foreign_key tagKey s3Key S3Key bucket_key object_key idempotency_key \
            SecretArn secret_name secretId token_url TokenType NextToken next_token maxTokens max_output_tokens \
            PasswordPolicy password_length passwordLastUsed AuthType author authorizer monkey turkey Name compass bypass \
            Environment1Name secretsmanager cookie_policy rotation password-rotation x-amz-date webhook_id tokenizer \
            url image_url callback_url code country_code status_code verify ssl_verify MULTI_PASS first_pass";
        for name in names.split_ascii_whitespace() {
            assert_eq!(meaning(name), None, "{name}");
        }
        assert_eq!(meaning(""), None);
        assert_eq!(meaning("----"), None);
        assert_eq!(meaning("Ключ"), None);
    }

    #[test]
    fn environments_are_known_under_any_spelling() {
        let names = "env environment Environment ENVIRONMENT environments EnvironmentVariables environmentVariables \
            environment_variables envVars env_vars envvars RuntimeEnvironmentVariables stageVariables StageVariables \
            stagevariables outputVariables variables Variables containerEnv hadoop-env";
        for name in names.split_ascii_whitespace() {
            assert!(is_environment(name), "{name}");
        }
        for name in ["EnvironmentName", "environmentId", "envelope", "compute_environment_order"] {
            assert!(!is_environment(name), "{name}");
        }
    }
}
