//! Each kind of place where a secret may be, in many spellings. `Jay4tern` is the secret.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};

use super::cleaned;

const SECRET: &str = "Jay4tern";

/// Returns the texts that still contain their secret.
fn leaks<'text>(texts: &[&'text str]) -> Vec<&'text str> {
    texts.iter().copied().filter(|text| cleaned(text).contains(SECRET)).collect()
}

const COMMAND_LINES: &[&str] = &[
    "app --password Jay4tern",
    "app --password=Jay4tern",
    "app --password 'Jay4tern' --x",
    "app --db-pass Jay4tern",
    "app --api-key=Jay4tern",
    "app --apiKey Jay4tern",
    "app --auth-token \"Jay4tern\"",
    "app --client_secret Jay4tern",
    "app --secret Jay4tern",
    "app --passphrase Jay4tern",
    "app -password Jay4tern",
    "app -Dspring.datasource.password=Jay4tern -jar a.jar",
    "java -Djavax.net.ssl.keyStorePassword=Jay4tern -jar a.jar",
    "app /password:Jay4tern",
    "app -p Jay4tern",
    "app -pJay4tern",
    "[\"app\",\"-p\",\"Jay4tern\"]",
    "[\"app\", \"--token\", \"Jay4tern\"]",
    "['app', '--token=Jay4tern']",
    "psql postgresql://u:Jay4tern@h/d",
    "PGPASSWORD=Jay4tern psql -h h",
    "mysqldump -u root -pJay4tern --all-databases",
    "mysql --user=root --password=Jay4tern shop",
    "echo Jay4tern | docker login -u u --password-stdin",
    "echo 'Jay4tern' | sudo -S apt-get update",
    "echo 'root:Jay4tern' | chpasswd",
    "wget --http-password=Jay4tern https://example.com",
    "curl --user me:Jay4tern https://example.com",
    "curl -ume:Jay4tern https://example.com",
    "curl -H 'Authorization: token Jay4tern' https://example.com",
    "curl -H \"PRIVATE-TOKEN: Jay4tern\" https://example.com",
    "curl -H \"X-Vault-Token: Jay4tern\" https://example.com",
    "curl --header 'Cookie: session=Jay4tern' https://example.com",
    "curl -d 'password=Jay4tern&user=u' https://example.com",
    "curl --data '{\"password\":\"Jay4tern\"}' https://example.com",
    "aws configure set aws_secret_access_key Jay4tern",
    "vault login Jay4tern",
    "npm config set //registry.npmjs.org/:_authToken Jay4tern",
    "git clone https://u:Jay4tern@github.com/o/r.git",
    "helm upgrade a b --set db.password=Jay4tern,x=1",
    "terraform apply -var 'db_password=Jay4tern'",
    "ansible-playbook a.yml -e \"db_password=Jay4tern\"",
    "docker build --build-arg NPM_TOKEN=Jay4tern .",
    "sqoop import --connect jdbc:mysql://h/d --username u --password Jay4tern",
    "spark-submit --conf spark.hadoop.fs.s3a.secret.key=Jay4tern a.py",
    "sqlcmd -S h -U sa -P Jay4tern",
    "sshpass -pJay4tern ssh h",
    "redis-cli -a Jay4tern",
    "ldapsearch -x -wJay4tern",
    "openssl rsa -in k -passin pass:Jay4tern",
    "rclone config create r s3 secret_access_key Jay4tern",
    "export DB_PASSWORD=Jay4tern; run",
    "set DB_PASSWORD=Jay4tern",
    "$env:DB_PASSWORD = 'Jay4tern'",
    "setx API_TOKEN Jay4tern",
    "ENV DB_PASSWORD Jay4tern",
    "ARG NPM_TOKEN=Jay4tern",
    "RUN echo \"//registry.npmjs.org/:_authToken=Jay4tern\" > .npmrc",
    "gcloud auth login --access-token=Jay4tern",
    "az login --service-principal -u i -p Jay4tern --tenant t",
    "net user admin Jay4tern /add",
    "net use \\\\host\\share Jay4tern /user:shop\\admin",
    "net use Z: \\\\host\\share Jay4tern /user:admin",
    "kubectl create secret docker-registry r --docker-password=Jay4tern",
];

const FILES: &[&str] = &[
    "db.password=Jay4tern\ndb.user=u",
    "db.password = Jay4tern",
    "db.password: Jay4tern",
    "[default]\naws_secret_access_key=Jay4tern\n",
    "[client]\nuser=root\npassword=Jay4tern\n",
    "machine h login u password Jay4tern",
    "//registry.npmjs.org/:_authToken=Jay4tern",
    "_auth=Jay4tern\n_password=Jay4tern",
    "password: Jay4tern",
    "  password: \"Jay4tern\"  # of the database",
    "db:\n  credentials:\n    user: u\n    password: Jay4tern",
    "api_token: >-\n  Jay4tern\n",
    "stringData:\n  password: Jay4tern",
    "apiVersion: v1\nkind: Secret\nstringData:\n  anything: Jay4tern\n",
    "- {name: DB_PASSWORD, value: Jay4tern}",
    "- name: API_KEY\n  value: \"Jay4tern\"",
    "env:\n- name: ANY\n  value: Jay4tern\n",
    "{\"db\": {\"password\": \"Jay4tern\"}}",
    "{\"Name\":\"db_password\",\"Value\":\"Jay4tern\"}",
    "{\"value\":\"Jay4tern\",\"name\":\"db_password\"}",
    "[{\"ParameterKey\":\"DbPassword\",\"ParameterValue\":\"Jay4tern\"}]",
    "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"token\\\\\\\":\\\\\\\"Jay4tern\\\\\\\"}\\\"}\"}",
    "{password: Jay4tern}",
    "{'password': 'Jay4tern'}",
    "password => 'Jay4tern'",
    "variable \"db_password\" {\n  default = \"Jay4tern\"\n}",
    "resource \"x\" \"y\" {\n  master_password = \"Jay4tern\"\n}",
    "input { jdbc { jdbc_password => \"Jay4tern\" } }",
    "define('DB_PASSWORD', 'Jay4tern');",
    "os.environ.setdefault('DB_PASSWORD', 'Jay4tern')",
    "System.setProperty(\"db.password\", \"Jay4tern\")",
    "let password: &str = \"Jay4tern\";",
    "private static final String API_KEY = \"Jay4tern\";",
    "conn = connect(host='h', user='u', passwd='Jay4tern')",
    "new Client({ apiKey: `Jay4tern` })",
    "<password>Jay4tern</password>",
    "<user password='Jay4tern'/>",
    "<add key=\"DbPassword\" value=\"Jay4tern\"/>",
    "<entry key=\"password\">Jay4tern</entry>",
    "<property name=\"password\" value=\"Jay4tern\"/>",
    "<property name=\"hibernate.connection.password\">Jay4tern</property>",
    "<name>javax.jdo.option.ConnectionPassword</name>\n<value>Jay4tern</value>",
    "<pre_shared_key>Jay4tern</pre_shared_key>",
    "<authKey>Jay4tern</authKey>",
    "neighbor 169.254.0.1 password Jay4tern",
    "enable secret Jay4tern",
    "requirepass Jay4tern",
    "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\" password=\"Jay4tern\";",
    "KafkaClient {\n  org.apache.kafka.common.security.plain.PlainLoginModule required\n  username='u'\n  password='Jay4tern';\n};",
    "com.sun.security.auth.module.Krb5LoginModule required password=Jay4tern;",
];

const SQL: &[&str] = &[
    "CREATE USER u WITH PASSWORD 'Jay4tern'",
    "CREATE USER u PASSWORD 'Jay4tern' VALID UNTIL 'infinity'",
    "CREATE USER 'u'@'%' IDENTIFIED BY 'Jay4tern'",
    "CREATE USER u IDENTIFIED BY Jay4tern",
    "CREATE USER 'u' IDENTIFIED WITH mysql_native_password BY 'Jay4tern'",
    "ALTER USER u SET PASSWORD = 'Jay4tern'",
    "SET PASSWORD FOR 'u'@'h' = 'Jay4tern'",
    "SET PASSWORD = PASSWORD('Jay4tern')",
    "GRANT ALL ON *.* TO 'u'@'%' IDENTIFIED BY 'Jay4tern'",
    "CREATE LOGIN u WITH PASSWORD = N'Jay4tern'",
    "CREATE USER MAPPING FOR u SERVER s OPTIONS (user 'u', password 'Jay4tern')",
    "COPY t FROM 's3://b' CREDENTIALS 'aws_access_key_id=A;aws_secret_access_key=Jay4tern'",
    "SELECT dblink_connect('host=h user=u password=Jay4tern')",
    "CREATE SUBSCRIPTION s CONNECTION 'host=h password=Jay4tern' PUBLICATION p",
];

const ADDRESSES: &[&str] = &[
    "mysql://u:Jay4tern@h/d",
    "mongodb+srv://u:Jay4tern@h/d?retryWrites=true",
    "redis://:Jay4tern@h:6379/0",
    "rediss://default:Jay4tern@h:6379",
    "amqps://u:Jay4tern@h:5671/v",
    "smtp://u:Jay4tern@h:587",
    "ftp://u:Jay4tern@h/f",
    "sftp://u:Jay4tern@h/f",
    "ldap://cn=a:Jay4tern@h",
    "kafka+ssl://u:Jay4tern@h:9093",
    "clickhouse://u:Jay4tern@h/d",
    "snowflake://u:Jay4tern@a/d",
    "nats://Jay4tern@h:4222",
    "https://u:Jay4tern@h/p",
    "http://u:p%40Jay4tern@h/p",
    "jdbc:postgresql://h/d?user=u&password=Jay4tern",
    "jdbc:mysql://h/d?user=u&password=Jay4tern&useSSL=true",
    "jdbc:db2://h:50000/d:user=u;password=Jay4tern;",
    "jdbc:snowflake://a/?user=u&password=Jay4tern",
    "jdbc:oracle:thin:u/Jay4tern@h:1521:s",
    "mongodb://u:Jay4tern@h1,h2/d",
    "Server=tcp:h,1433;Database=d;User ID=u;Password=Jay4tern;Encrypt=True",
    "Data Source=h;Uid=u;Pwd=Jay4tern;",
    "Endpoint=sb://h/;SharedAccessKeyName=n;SharedAccessKey=Jay4tern",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Jay4tern==;EndpointSuffix=x",
    "host=h port=5432 user=u password=Jay4tern dbname=d",
    "https://h/p?password=Jay4tern",
    "https://h/p?a=1&apiKey=Jay4tern",
    "https://h/p?api_key=Jay4tern&b=2",
    "https://h/p?access_token=Jay4tern",
    "https://h/p?token=Jay4tern#x",
    "https://h/p?code=Jay4tern",
    "https://h/p?auth=Jay4tern",
    "https://h/p?client_secret=Jay4tern",
    "https://h/p?X-Amz-Signature=Jay4tern",
    "https://h/p?X-Amz-Security-Token=Jay4tern&X-Amz-Date=1",
    "https://a.blob.core.windows.net/c/b?sv=2024-01-01&sr=b&sig=Jay4tern%3D",
    "https://storage.googleapis.com/b/o?X-Goog-Algorithm=GOOG4&X-Goog-Signature=Jay4tern",
    "https://storage.googleapis.com/b/o?GoogleAccessId=a&Expires=1&Signature=Jay4tern",
    "https://b.oss-cn-hangzhou.aliyuncs.com/o?OSSAccessKeyId=a&Expires=1&Signature=Jay4tern",
    "https://b.cos.ap.myqcloud.com/o?q-sign-algorithm=sha1&q-ak=a&q-signature=Jay4tern",
    "https://h/o?Expires=1&Signature=Jay4tern&Key-Pair-Id=K",
    "https://h/o?Policy=a&Signature=Jay4tern&Key-Pair-Id=K",
    "https://h/p?hdnts=exp=1~acl=/*~hmac=Jay4tern",
    "https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/Jay4tern/n/ns/b/b/o/f",
    "https://discord.com/api/webhooks/1/Jay4tern",
    "https://outlook.office.com/webhook/Jay4tern",
    "https://chat.googleapis.com/v1/spaces/A/messages?key=Jay4tern&token=b",
    "https://maker.ifttt.com/trigger/e/with/key/Jay4tern",
    "https://api.telegram.org/bot123456:Jay4tern/sendMessage",
    "https://hooks.zapier.com/hooks/catch/1/Jay4tern",
    "https://x.webhook.office.com/webhookb2/Jay4tern/IncomingWebhook/a/b",
    "https://prod-1.westeurope.logic.azure.com/workflows/a/triggers/m/paths/invoke?api-version=1&sig=Jay4tern",
    "https://Jay4tern@sentry.io/1",
    "https://o1:Jay4tern@ingest.example/1",
];

const HEADERS: &[&str] = &[
    "Authorization: Bearer Jay4tern",
    "Authorization: Basic Jay4tern",
    "authorization:Jay4tern",
    "Proxy-Authorization: Basic Jay4tern",
    "Cookie: a=1; session=Jay4tern",
    "Set-Cookie: id=Jay4tern; HttpOnly",
    "X-Api-Key: Jay4tern",
    "x-api-key=Jay4tern",
    "X-Auth-Token: Jay4tern",
    "X-Origin-Verify: Jay4tern",
    "X-Amz-Security-Token: Jay4tern",
    "Ocp-Apim-Subscription-Key: Jay4tern",
    "X-Shopify-Access-Token: Jay4tern",
    "apikey: Jay4tern",
    "DD-API-KEY: Jay4tern",
    "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer Jay4tern\r\nAccept: */*\r\n",
    "{\"headers\": {\"Authorization\": [\"Bearer Jay4tern\"]}}",
    "{\"headers\": [{\"name\": \"cookie\", \"value\": \"a=Jay4tern\"}]}",
    "proxy_set_header Authorization \"Basic Jay4tern\";",
    "add_header X-Api-Key Jay4tern;",
];

#[test]
fn no_kind_of_place_keeps_its_secret() {
    let all = [COMMAND_LINES, FILES, SQL, ADDRESSES, HEADERS].concat();
    let left = leaks(&all);
    assert!(left.is_empty(), "{} of {}: {left:#?}", left.len(), all.len());
}

#[test]
fn none_keeps_it_in_base64() {
    // Command lines are in scripts and files.
    let scripts = COMMAND_LINES
        .iter()
        .filter(|text| text.starts_with("app --"))
        .chain(FILES)
        .chain(SQL)
        .chain(ADDRESSES);
    let decoded = |text: &str| {
        let bytes =
            BASE64_STANDARD.decode(text).or_else(|_| BASE64_URL_SAFE.decode(text)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let mut left = Vec::new();
    for text in scripts {
        let script = format!("#!/bin/sh\nset -e\n{text}\nexit\n");
        // One of three question marks is encoded differently by the two alphabets.
        let forms = [BASE64_STANDARD.encode(&script), BASE64_URL_SAFE.encode(format!("{script}???\n"))];
        for form in forms.map(|form| decoded(&cleaned(&form))) {
            if !cleaned(&script).contains(SECRET) && form.contains(SECRET) {
                left.push(*text);
            }
        }
    }
    assert!(left.is_empty(), "{}: {left:#?}", left.len());
}
