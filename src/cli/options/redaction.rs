//! The options of redaction: `--redact`, `--no-redact`.

use clap::Args;

use crate::app::settings::redaction::RedactionSettings;

/// The options of redaction and of bulk-data functions.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Redaction")]
pub(in crate::cli) struct RedactionArguments {
    /// Disable redaction of sensitive values
    #[arg(long, hide_short_help = true)]
    no_redact: bool,

    /// Also redact this jq path (repeatable)
    ///
    /// The path holds for all functions (`.Stacks[].Outputs`) or for one
    /// (`cloudformation:describe_stacks:.Stacks[].Outputs[].OutputValue`).
    #[arg(long, value_name = "PATH", hide_short_help = true)]
    redact: Vec<String>,
}

impl RedactionArguments {
    /// Sets what results may hold.
    pub(in crate::cli) fn apply_to(self, settings: &mut RedactionSettings) {
        settings.redact = !self.no_redact;
        settings.paths = self.redact;
    }
}

#[cfg(test)]
mod tests {
    use super::RedactionSettings;
    use crate::model::catalog::Catalog;
    use crate::plan::spec::ScanSpec;

    fn settings(paths: &[&str], allow: &[&str]) -> RedactionSettings {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        RedactionSettings {
            redact: true,
            paths: owned(paths),
            allow: owned(allow),
            allow_unreviewed: Vec::new(),
        }
    }

    fn catalog() -> Catalog {
        Catalog::embedded().expect("the embedded catalog opens")
    }

    fn error_of(allow: &str) -> String {
        settings(&[], &[allow]).open(&mut catalog()).expect_err("an error").to_string()
    }

    #[test]
    fn allowed_bulk_data_functions_can_be_called() {
        let spec = r#"[{"service": "logs", "function": "get_log_events",
            "parameters": {"logGroupName": "g", "logStreamName": "s"}}]"#;
        let mut catalog = catalog();
        assert!(ScanSpec::parse(spec, "test", &catalog).is_err(), "nothing of the spec is called");
        settings(&[], &["logs:GetLogEvents"]).open(&mut catalog).expect("bulk data");
        assert_eq!(ScanSpec::parse(spec, "test", &catalog).expect("a spec").entries.len(), 1);
    }

    #[test]
    fn secrets_and_what_makes_credentials_are_never_allowed() {
        for (function, what) in [
            ("secretsmanager:get_secret_value", "(secret: a secret)"),
            ("sts:get_session_token", "(credential: AWS credentials)"),
            ("ssm:get_parameter", "(secret: may contain a secret)"),
            ("controltower:list_landing_zones", "(more than a read: creates an ARN"),
        ] {
            let message = error_of(function);
            assert!(message.contains(what) && message.contains("never"), "{message}");
        }
    }

    #[test]
    fn unallowable_function_is_rejected_with_reason() {
        assert!(error_of("logs:get_log_event").contains("did you mean `get_log_events`"));
        assert!(error_of("log:get_log_events").contains("unknown service `log`"));
        assert!(error_of("s3:list_buckets").contains("scans call it anyway"));
        let unreviewed = vec!["logs:get_log_events".to_owned()];
        let settings = RedactionSettings { allow_unreviewed: unreviewed, ..settings(&[], &[]) };
        let message = settings.open(&mut catalog()).expect_err("an error").to_string();
        assert!(message.contains("--allow logs:get_log_events"), "{message}");
        assert!(error_of("list_buckets").contains("not SERVICE:FUNCTION"));
    }

    #[test]
    fn a_path_has_to_lead_somewhere_in_what_is_called() {
        let catalog = catalog();
        let spec = r#"[{"service": "dynamodb", "function": "list_tables", "each": [{"over": ".TableNames[]",
            "function": "describe_table", "parameters": {"TableName": "{.}"}}]}]"#;
        let spec = ScanSpec::parse(spec, "test", &catalog).expect("a spec");
        let check = |path: &str| settings(&[path], &[]).check(&catalog, &spec).map(drop);
        assert!(check(".Table.TableName").is_ok(), "children count as well");
        let message = check(".Table.TableNme").expect_err("no such member").to_string();
        assert!(message.starts_with("--redact: `.Table.TableNme` matches nothing"), "{message}");
    }
}
