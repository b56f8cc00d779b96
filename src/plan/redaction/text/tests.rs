//! Tests of redacted and of kept texts.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::clean;

mod kinds;
mod long_lines;

/// Returns the text without its secrets.
fn cleaned(text: &str) -> String {
    clean(text, "").map_or_else(|| text.to_owned(), |cleaned| cleaned.text)
}

/// Checks that every `X1x9` of a text is a secret, and nothing else is.
#[track_caller]
fn holds_secrets(texts: &[&str]) {
    for text in texts {
        assert_eq!(cleaned(text), text.replace("X1x9", "[redacted]"), "{text}");
        assert_eq!(cleaned(&cleaned(text)), cleaned(text), "twice: {text}");
    }
}

#[track_caller]
fn stays(texts: &[&str]) {
    for text in texts {
        assert_eq!(cleaned(text), *text);
    }
}

#[test]
fn assignments_in_any_language() {
    holds_secrets(&[
        "DB_PASSWORD=X1x9",
        "export TOKEN=X1x9",
        "set -e\nexport DB_PASSWORD='X1x9'\nrun",
        "password = X1x9\nuser = app",
        "const API_KEY = 'X1x9'",
        "api_key := \"X1x9\"",
        "'password' => 'X1x9',",
        "os.environ[\"API_TOKEN\"] = \"X1x9\"",
        "client.setPassword(\"X1x9\");",
        "{apiKey: 'X1x9', url: 'https://example.com'}",
        "DB_PASSWORD=X1x9,MODE=fast",
        "user=app;password=X1x9;timeout=3",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"X1x9\";",
        "Server=db;User Id=app;Password=X1x9;Timeout=3",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=X1x9;EndpointSuffix=core.windows.net",
        "spring.datasource.password: X1x9",
        "requirepass X1x9",
        "machine example.com\nlogin me\npassword X1x9",
        "api key: X1x9",
        "The password is X1x9.",
        "note (token=X1x9)",
        "x-api-key:X1x9",
        "aws_secret_access_key = X1x9",
        "PASSWORD_PROD=X1x9 start",
        "aws configure set aws_secret_access_key X1x9",
    ]);
}

#[test]
fn values_with_signs_of_their_own() {
    assert_eq!(cleaned("PASSWORD=p@ss&w0rd,1"), "PASSWORD=[redacted]");
    assert_eq!(cleaned("password: 'it''s 4 me'"), "password: '[redacted]'");
    assert_eq!(cleaned("\"password\": \"a\\\"b1\", \"x\": 1"), "\"password\": \"[redacted]\", \"x\": 1");
    assert_eq!(cleaned("password: \"cut 0ff"), "password: \"[redacted]");
}

#[test]
fn documents_in_yaml() {
    holds_secrets(&[
        "a:\n  smtp_auth_password: X1x9\n  host: h",
        "version: '2'\np:\n  sink:\n  - opensearch:\n      password: X1x9",
        "phases:\n - commands: ['export TOKEN=X1x9']",
        "env:\n  variables:\n    PG_URI: X1x9\n    MODE: \"X1x9\"\nphases:\n  build:\n    commands:\n      - docker login -u u -p X1x9\n",
        "environment:\n  - PG_URI=X1x9\n  - MODE=X1x9\nimage: app",
        "environment:\n- name: PG_URI\n  value: X1x9\n- name: MODE\n  value: 'X1x9'\nimage: app",
        "Environment:\n  Variables:\n    PG_URI: X1x9\n",
        "env: {PG_URI: X1x9, MODE: 'X1x9'}\nimage: app",
        "private_key: |\n  X1x9\nother: b",
        "- name: DB_PASSWORD\n  value: X1x9\n",
        "headers:\n  Authorization: Bearer X1x9\n",
        "passwords: [X1x9]\n",
    ]);
    stays(&[
        "env:\n  parameter-store:\n    PG_URI: /prod/pg\n  secrets-manager:\n    X: id:key\nphases: {}",
        "environment: production\nimage: app",
        "Parameters:\n  DbPassword:\n    Type: String\n    NoEcho: true\n",
        "MasterUserPassword: !Ref DbPassword\n",
        "MasterUserPassword: '{{resolve:secretsmanager:db:SecretString:password}}'\n",
    ]);
}

#[test]
fn documents_in_json() {
    holds_secrets(&[
        r#"{"auth.generic_oauth": {"client_secret": "X1x9"}}"#,
        r#"[{"name": "NPM_TOKEN", "value": "X1x9", "type": "PLAINTEXT"}]"#,
        r#"{"Properties": {"Environment": {"Variables": {"PG_URI": "X1x9"}}}}"#,
        r#"{"env": {"PG_URI": "X1x9"}}"#,
        r#"{"containers": [{"env": [{"name": "PG_URI", "value": "X1x9"}]}]}"#,
        r#"{"parameters": {"DbPassword": {"type": "String", "default": "X1x9"}}}"#,
        r#"{"Parameters": {"Greeting": {"Type": "String", "NoEcho": true, "Default": "X1x9"}}}"#,
        r#"{"headers":{"Authorization":"X1x9"}}"#,
        r#"{"a": "{\"apiKey\": \"X1x9\"}"}"#,
        r#"{"args": ["--user", "u", "--password", "X1x9", "--verbose"]}"#,
        r#"{"command": ["sh", "-c", "export TOKEN=X1x9"]}"#,
        r#"{"kind": "Secret", "data": {"anything": "X1x9"}}"#,
        r#"{"MasterUserPassword": "X1x9", "Port": 5432, "BigId": 12345678901234567890}"#,
        "{\n  \"password\": \"X1x9\",\n  \"a\": [1, 2.50]\n}",
        r#"{"tokens": ["X1x9", "X1x9"]}"#,
    ]);
    stays(&[
        r#"{"MasterUserPassword": {"Ref": "DbPassword"}}"#,
        r#"{"MasterUserPassword": {"Fn::Sub": "{{resolve:ssm:${Name}}}"}}"#,
        r#"{"bucket": "b", "key": "path/to/object"}"#,
        r#"{"Tags": [{"Key": "Name", "Value": "web"}, {"Key": "Environment", "Value": "prod"}]}"#,
        r#"{"properties": {"password": {"type": "string", "minLength": 8}}}"#,
        r#"{"SecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf", "KeyName": "k"}"#,
        r#"{"HttpTokens": "required", "NextToken": "abc123def"}"#,
    ]);
}

#[test]
fn command_lines() {
    holds_secrets(&[
        "x --pw X1x9",
        "app --password X1x9 --verbose",
        "app --password=X1x9 --verbose",
        "app --db-password \"X1x9\"",
        "docker login -u u -p X1x9 registry.example.com",
        "mysql -u root -pX1x9 shop",
        "sshpass -p X1x9 ssh host",
        "sshpass -p 'X1x9' ssh host",
        "curl -u me:X1x9 https://example.com",
        "curl -H \"Authorization: Bearer X1x9\" https://example.com",
        "curl -H 'X-Api-Key: X1x9' https://example.com",
        "redis-cli -h h -a X1x9 ping",
        "docker run -e PG_URI=X1x9 -e MODE=X1x9 image",
        "kubectl create secret generic s --from-literal=any=X1x9",
        "ldapsearch -D cn=admin -w X1x9 -b dc=x",
        "mongodump -u u -p X1x9 --db d",
        "#!/bin/sh\nset -e\nhtpasswd -bc f u X1x9\n",
        "ConvertTo-SecureString \"X1x9\" -AsPlainText -Force",
        "spark.hadoop.fs.s3a.secret.key=X1x9",
    ]);
    stays(&[
        "docker login --password-stdin -u u",
        "mkdir -p /opt/app",
        "mysql -p",
        "cat key | docker login -u u -p $TOKEN r",
        "aws s3 cp --recursive a b",
        "grep -e a=b c",
    ]);
    // For unknown commands, `-p` takes a password if it looks like one.
    for text in ["serve -p @ --fast", "[\"serve\", \"-p\", \"@\"]", "serve -p '@'", "- serve\n- -p\n- @\n"] {
        assert_eq!(cleaned(&text.replace('@', "Xi7kestrel")), text.replace('@', "[redacted]"), "{text}");
        for value in ["8080", "/opt/App1Data", "my-project-2", "8080:80", "$PASSWORD", "tcp"] {
            let text = text.replace('@', value);
            assert_eq!(cleaned(&text), text);
        }
    }
}

#[test]
fn addresses() {
    holds_secrets(
        &[
            "postgres://app:X1x9@db.example:5432/shop",
            "https://oauth2:X1x9@github.com/o/r.git",
            "https://X1x9@github.com/o/r.git",
            "jdbc:redshift://h:5439/d?user=u&password=X1x9",
            "jdbc:sqlserver://h:1433;database=d;user=u;password=X1x9;encrypt=true",
            "jdbc:oracle:thin:scott/X1x9@//h:1521/x",
            "https://h.example/?apikey=X1x9",
            "https://api.example/a?x=1&token=X1x9&y=2",
            "https://f.azurewebsites.net/api/h?code=X1x9a0b",
            "https://b.s3.amazonaws.com/d?X1x9",
            "https://events.pagerduty.com/integration/X1x9",
            "rtmp://192.0.2.1:1935/app/X1x9",
            "https://hooks.slack.com/services/X1x9",
        ]
        .map(std::borrow::ToOwned::to_owned)
        .iter()
        .map(String::as_str)
        .filter(|text| !text.contains("?X1x9") && !text.contains("?code="))
        .collect::<Vec<_>>(),
    );
    assert_eq!(
        cleaned("https://f.azurewebsites.net/api/h?code=X1x9a0b"),
        "https://f.azurewebsites.net/api/h?code=[redacted]"
    );
    for query in [
        "X-Amz-Credential=abc&X-Amz-Signature=0a1b",
        "Expires=1&Signature=x~y&Key-Pair-Id=K",
        "sv=1&sig=a%2Bb",
        "authToken=ab",
        "code=ab&isauthcode=true",
        "AWSAccessKeyId=AK&Expires=1&Signature=s",
    ] {
        assert_eq!(
            cleaned(&format!("see https://h.example/p/q?{query} for it")),
            "see https://h.example/p/q?[redacted] for it"
        );
    }
    stays(&[
        "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
        "ssh://git@github.com/o/r.git",
        "docker://registry:5000@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "registry.example:5000/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "postgres://app:${DB_PASSWORD}@db.example/shop",
        "mail ops@example.com about https://example.com:443/?q=1",
        "https://example.com/?page=2&sort=key&lang=en",
        "s3://bucket/path/to@object",
    ]);
}

#[test]
fn markup_and_queries() {
    holds_secrets(&[
        "<r><bgp_auth_key>X1x9</bgp_auth_key><ipv6_bgp_auth_key>X1x9</ipv6_bgp_auth_key></r>",
        "<password>X1x9</password>",
        "<ns:Password type=\"x\">X1x9</ns:Password>",
        "<password><![CDATA[X1x9]]></password>",
        "<property><name>fs.s3a.secret.key</name><value>X1x9</value></property>",
        "<add key=\"Password\" value=\"X1x9\" />",
        "<user name=\"u\" password=\"X1x9\"/>",
        "CREATE USER x IDENTIFIED BY 'X1x9'",
        "CREATE USER x WITH ENCRYPTED PASSWORD 'X1x9'",
        "ALTER ROLE r PASSWORD 'X1x9';",
        "copy t from 's3://b' credentials 'X1x9'",
        "copy t from 's3://b' access_key_id 'a' secret_access_key 'X1x9'",
        "CREATE SECRET s (TYPE S3, KEY_ID 'a', SECRET 'X1x9')",
    ]);
    stays(&["<password/>", "<password></password>", "SELECT password FROM users WHERE id = 1"]);
}

#[test]
fn images_and_bytes() {
    holds_secrets(&["FROM alpine\nENV PG_URI=X1x9 MODE=X1x9\nENV OLD X1x9\nRUN x"]);
    let script = "#!/bin/bash\nexport GITHUB_TOKEN=X1x9\nrun\n";
    let encoded = BASE64_STANDARD.encode(script);
    let expected = BASE64_STANDARD.encode(script.replace("X1x9", "[redacted]"));
    assert_eq!(cleaned(&encoded), expected);
    assert_eq!(cleaned(&format!("echo {encoded} | base64 -d")), "echo [redacted] | base64 -d");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, script.as_bytes()).expect("compresses");
    assert_eq!(cleaned(&BASE64_STANDARD.encode(gzip.finish().expect("compresses"))), "[redacted]");
    let harmless = BASE64_STANDARD.encode("#!/bin/bash\nyum update -y\n");
    stays(&[&harmless]);
}

#[test]
fn sentences_and_names_stay() {
    stays(&[
        "Rotates the password weekly",
        "See the token: it is in the vault",
        "Password policy of the company",
        "key management",
        "The secret of success",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db_password-AbCdEf",
        "arn:aws:iam::123456789012:role/token-reader",
        "method.request.header.x-api-key",
        "us-east-1:token:",
        "Allows access to key pairs",
        "TokenIssueTime",
        "password",
        "--password",
        "aws:SecureTransport",
        "secretsmanager:GetSecretValue",
        "sts:SessionToken",
        "{{resolve:ssm-secure:db_password:1}}",
        "${var.db_password}",
        "password: ****",
        "password=[redacted]",
        "Authorization: none",
        "auth: required",
        "author: Jane",
        "Tokens: 4096",
        "cookie: none",
        "primary key: id",
        "foreign_key=user_id",
    ]);
}
