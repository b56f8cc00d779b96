//! Commands, and which of their arguments are secret.

use std::ops::Range;

use crate::plan::redaction::{REDACTED, values};

/// The arguments of a command that are secret.
enum ArgumentMeaning {
    /// The argument after these options, or attached to them.
    Behind(&'static [&'static str]),
    /// The text attached to these options, but not an argument after a blank.
    Attached(&'static [&'static str]),
    /// The part after the colon of the argument after these options.
    AfterColon(&'static [&'static str]),
    /// The values of the variables after these options: `-e NAME=X`.
    Variables(&'static [&'static str]),
    /// The last argument.
    Last,
    /// The first argument.
    First,
    /// The argument with this index, without options (`/add`) and drives (`Z:`). Both parts of `\\host\share`
    /// count.
    Positional(usize),
}

/// Commands, an argument that must be present, and the meaning of their arguments. The source is the manual page
/// or reference of each.
const COMMANDS: &[(&[&str], &str, ArgumentMeaning)] = &[
    // docs.docker.com/reference/cli/docker/login, docs.podman.io, helm.sh/docs/helm/helm_registry_login
    (
        &["docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "crane", "az", "oc"],
        "login",
        ArgumentMeaning::Behind(&["-p"]),
    ),
    (&["docker", "podman", "nerdctl"], "run", ArgumentMeaning::Variables(&["-e", "--env"])),
    (&["docker", "podman", "nerdctl"], "create", ArgumentMeaning::Variables(&["-e", "--env"])),
    (&["docker", "podman", "nerdctl"], "build", ArgumentMeaning::Variables(&["--build-arg"])),
    // kubernetes.io/docs/reference/kubectl/generated/kubectl_create
    (&["kubectl", "oc"], "secret", ArgumentMeaning::Variables(&["--from-literal"])),
    // dev.mysql.com/doc/refman/8.4/en/connecting.html: with a blank after it, -p prompts for the password.
    (
        &[
            "mysql",
            "mysqldump",
            "mysqladmin",
            "mysqlimport",
            "mysqlshow",
            "mysqlcheck",
            "mariadb",
            "mariadb-dump",
            "mysqlsh",
        ],
        "",
        ArgumentMeaning::Attached(&["-p"]),
    ),
    // linux.die.net/man/1/sshpass
    (&["sshpass"], "", ArgumentMeaning::Behind(&["-p"])),
    // www.mongodb.com/docs/database-tools
    (
        &["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"],
        "",
        ArgumentMeaning::Behind(&["-p"]),
    ),
    // redis.io/docs/latest/develop/tools/cli
    (&["redis-cli", "redis-benchmark", "valkey-cli"], "", ArgumentMeaning::Behind(&["-a"])),
    // curl.se/docs/manpage.html
    (&["curl"], "", ArgumentMeaning::AfterColon(&["-u", "--user", "-U", "--proxy-user"])),
    (&["curl"], "", ArgumentMeaning::Behind(&["-b", "--oauth2-bearer"])),
    // www.openldap.org/software/man.cgi?query=ldapsearch
    (
        &["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"],
        "",
        ArgumentMeaning::Behind(&["-w", "-s"]),
    ),
    // httpd.apache.org/docs/current/programs/htpasswd.html
    (&["htpasswd"], "-b", ArgumentMeaning::Last),
    (&["htpasswd"], "-nb", ArgumentMeaning::Last),
    (&["htpasswd"], "-bc", ArgumentMeaning::Last),
    (&["htpasswd"], "-cb", ArgumentMeaning::Last),
    (&["htpasswd"], "-nbB", ArgumentMeaning::Last),
    // learn.microsoft.com/en-us/sql/tools/sqlcmd/sqlcmd-utility
    (&["sqlcmd", "bcp", "isql", "tsql"], "", ArgumentMeaning::Behind(&["-P"])),
    // www.samba.org/samba/docs/current/man-html/smbclient.1.html
    (&["smbclient", "rpcclient"], "", ArgumentMeaning::AfterColon(&["-U"])),
    (&["lftp"], "", ArgumentMeaning::AfterColon(&["-u"])),
    // docs.openssl.org/master/man1/openssl-passphrase-options
    (&["openssl"], "", ArgumentMeaning::AfterColon(&["-passin", "-passout", "-pass"])),
    (&["openssl"], "enc", ArgumentMeaning::Behind(&["-k", "-K"])),
    (&["zip", "unzip"], "", ArgumentMeaning::Behind(&["-P"])),
    (&["7z", "7za"], "", ArgumentMeaning::Attached(&["-p"])),
    (&["snmpget", "snmpwalk", "snmpset"], "", ArgumentMeaning::Behind(&["-A", "-X", "-c"])),
    (&["useradd", "usermod"], "", ArgumentMeaning::Behind(&["-p"])),
    (&["vault"], "login", ArgumentMeaning::Last),
    // learn.microsoft.com/en-us/powershell/module/microsoft.powershell.security/convertto-securestring
    (&["convertto-securestring"], "", ArgumentMeaning::First),
    // learn.microsoft.com/en-us/windows-server/administration/windows-commands: net user, net use
    (&["net"], "user", ArgumentMeaning::Positional(2)),
    (&["net"], "use", ArgumentMeaning::Positional(3)),
    (&["psexec", "cmdkey", "schtasks"], "", ArgumentMeaning::Behind(&["-p", "/p", "/rp"])),
];

/// Returns whether a word is the name of a command in the table, whatever its case.
pub(super) fn is_command(name: &str) -> bool {
    COMMANDS.iter().any(|(names, _, _)| names.iter().any(|command| command.eq_ignore_ascii_case(name)))
}

/// Returns which parts of which arguments of a command are secret.
pub(super) fn held(name: &str, arguments: &[&str]) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    for (names, with, holds) in COMMANDS {
        let is_meant = names.iter().any(|command| command.eq_ignore_ascii_case(name))
            && (with.is_empty() || arguments.contains(with));
        if is_meant {
            holds.find(arguments, &mut found);
        }
    }
    found.retain(|(index, part)| {
        let value = arguments[*index].get(part.clone()).unwrap_or_default();
        !values::is_harmless(value, true) && !value.contains(REDACTED)
    });
    found
}

impl ArgumentMeaning {
    fn find(&self, arguments: &[&str], found: &mut Vec<(usize, Range<usize>)>) {
        match self {
            Self::Last => found
                .extend(arguments.iter().enumerate().next_back().map(|(index, last)| (index, 0..last.len()))),
            Self::First => {
                found.extend(
                    arguments
                        .iter()
                        .enumerate()
                        .find(|(_, argument)| !argument.starts_with('-'))
                        .map(|(index, first)| (index, 0..first.len())),
                );
            }
            Self::Positional(wanted) => {
                let mut before = 0;
                for (index, argument) in arguments.iter().enumerate() {
                    if argument.starts_with('/') || argument.ends_with(':') {
                        continue;
                    }
                    if before == *wanted {
                        return found.push((index, 0..argument.len()));
                    }
                    before += argument.split('\\').filter(|part| !part.is_empty()).count();
                }
            }
            Self::Behind(options) => {
                for (index, argument) in arguments.iter().enumerate() {
                    for option in *options {
                        if argument == option
                            && let Some(next) = arguments.get(index + 1)
                        {
                            found.push((index + 1, 0..next.len()));
                        } else if option.len() == 2
                            && argument.len() > 2
                            && argument.starts_with(option)
                            && !argument.starts_with("--")
                        {
                            found.push((index, attached(option, argument)));
                        }
                    }
                }
            }
            Self::Attached(options) => {
                for (index, argument) in arguments.iter().enumerate() {
                    if let Some(option) = options
                        .iter()
                        .find(|option| argument.starts_with(*option) && argument.len() > option.len())
                    {
                        found.push((index, attached(option, argument)));
                    }
                }
            }
            Self::AfterColon(options) => {
                for (index, argument) in arguments.iter().enumerate() {
                    let (index, value, from) =
                        match options.iter().find(|option| argument.starts_with(*option)) {
                            Some(option) if argument == option => match arguments.get(index + 1) {
                                Some(next) => (index + 1, *next, 0),
                                None => continue,
                            },
                            Some(option) => (index, *argument, option.len()),
                            None => continue,
                        };
                    if let Some(colon) = value.get(from..).and_then(|value| value.find([':', '%', ','])) {
                        found.push((index, from + colon + 1..value.len()));
                    }
                }
            }
            Self::Variables(options) => {
                for (index, argument) in arguments.iter().enumerate() {
                    if options.contains(argument) {
                        if let Some(next) = arguments.get(index + 1) {
                            found.extend(value_of(next).map(|range| (index + 1, range)));
                        }
                    } else if let Some(option) = options.iter().find(|option| argument.starts_with(*option)) {
                        let variable = argument[option.len()..].trim_start_matches('=');
                        let from = argument.len() - variable.len();
                        found.extend(
                            value_of(variable).map(|range| (index, from + range.start..from + range.end)),
                        );
                    }
                }
            }
        }
    }
}

/// Returns the text attached to an option: `-pX`, `-p=X`.
fn attached(option: &str, argument: &str) -> Range<usize> {
    let from = option.len() + usize::from(argument[option.len()..].starts_with('='));
    from..argument.len()
}

/// Returns the value of `NAME=X`.
pub(super) fn value_of(variable: &str) -> Option<Range<usize>> {
    let equals = variable.find('=')?;
    let value = equals + 1..variable.len();
    (!values::is_reference(&variable[value.clone()])).then_some(value)
}
