//! `scan policy`: generates the IAM policies, trust policy and templates that a scan needs.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use serde_json::{Value, json};

use super::console::{print_line, warn};
use super::options::deep::DeepArguments;
use super::options::role::RoleArguments;
use super::policy_accounts::{PolicyAccountArguments, note_roles_in_between, own_regions, role_arns};
use super::policy_names::{check_organization, partition, path_of};
use super::runtime::runtime;
use crate::app::catalog::open_catalog;
use crate::app::job::read_partitions;
use crate::app::settings::RegionNames;
use crate::app::settings::role::RoleChoice;
use crate::app::settings::session_policy::SessionPolicyChoice;
use crate::arn::Arn;
use crate::aws::credentials::DEFAULT_SESSION_NAME;
use crate::aws::http::foreign_http_client;
use crate::aws::organization::{Account, role_overrides};
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::names::{AccountId, Partition};
use crate::plan::policy::{
    Action, MANAGED_POLICY_LENGTH, MemberRole, Need, POLICIES_PER_ROLE, RoleAccess, actions_of,
    cloudformation, explanation, management_policy, member_policies, needs, needs_of, permission_set_policy,
    session_forms, terraform, trust_policy, who_needs,
};
use crate::plan::spec::ScanSpec;
use crate::plan::{LookUps, PlannedCall, RegionChoice, Surroundings};
use crate::util::plural::plural;

/// Prints the minimum policy of the role in the member accounts.
#[derive(Args, Debug)]
pub(super) struct PolicyArguments {
    /// Scan spec (repeatable)
    #[arg(short, long, value_name = "SPEC", value_parser = NonEmptyStringValueParser::new(), help_heading = "Input")]
    scan: Vec<String>,

    #[command(flatten)]
    deep: DeepArguments,

    /// Also allow what `scan diff --who` calls: cloudtrail:LookupEvents
    #[arg(long, help_heading = "Input")]
    who: bool,

    #[command(flatten)]
    kind: PolicyOutput,

    /// Principal that assumes the role: ARN of a role or user, or an account ID
    #[arg(long, value_name = "ARN", help_heading = "Role")]
    principal: Option<String>,

    /// Allow only callers of this organization, and only roles in its accounts
    #[arg(long, value_name = "ID", help_heading = "Role")]
    organization_id: Option<String>,

    #[command(flatten)]
    accounts: PolicyAccountArguments,

    /// Partition of the ARNs: aws, aws-cn or aws-us-gov
    #[arg(long, value_name = "NAME", default_value = "aws", help_heading = "Regions")]
    partition: String,

    /// Regions that the scan names
    ///
    /// Without them, or with patterns, the scan looks regions up, which needs a permission.
    #[arg(short, long, num_args = 1.., value_delimiter = ',', value_name = "REGION", help_heading = "Regions")]
    regions: Vec<String>,

    #[command(flatten)]
    role: RoleArguments,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,
}

/// The options that print another document than the member role's policy.
#[derive(Args, Debug)]
#[group(multiple = false)]
struct PolicyOutput {
    /// Print the caller's policy: list accounts, assume roles, read its own account
    #[arg(long, help_heading = "Output")]
    management: bool,

    /// Print the inline policy of a permission set of IAM Identity Center
    #[arg(long, help_heading = "Output")]
    permission_set: bool,

    /// Print the trust policy of the role in the member accounts
    #[arg(long, help_heading = "Output")]
    trust: bool,

    /// Print a CloudFormation template of the role, for a StackSet
    #[arg(long, help_heading = "Output")]
    cloudformation: bool,

    /// Print a Terraform configuration of the role
    #[arg(long, help_heading = "Output")]
    terraform: bool,

    /// Print which call needs which permission, and why
    #[arg(long, help_heading = "Output")]
    explain: bool,
}

pub(super) fn run(arguments: &PolicyArguments) -> Result<(), Failure> {
    let request = PolicyRequest::new(arguments)?;
    let PolicyOutput { management, permission_set, trust, cloudformation: stack, terraform: hcl, explain } =
        arguments.kind;
    let text = if trust {
        pretty(&trust_policy(&request.access(request.principal()?)))
    } else if permission_set {
        pretty(&request.permission_set()?)
    } else if management {
        let discovery = arguments.accounts.organization(request.finds_delegated);
        request.note_the_caller();
        pretty(&management_policy(&request.access(Value::Null), discovery, &request.actions))
    } else if explain {
        request.note_the_session_policy()?;
        explanation(request.needs()?)
    } else if stack {
        pretty(&cloudformation(&request.member_role()?))
    } else if hcl {
        terraform(&request.member_role()?)
    } else {
        let policies = request.policies()?;
        pretty(&if let [policy] = &policies[..] { policy.clone() } else { policies.into() })
    };
    print_line(text.trim_end());
    Ok(())
}

/// The checked arguments, and the permissions that the specs need.
struct PolicyRequest<'typed> {
    arguments: &'typed PolicyArguments,
    catalog: Arc<Catalog>,
    role: RoleChoice,
    /// The accounts of `--accounts-file`.
    accounts: Option<Vec<Account>>,
    partition: Partition,
    needs: Vec<Need>,
    /// The actions in the caller's own account, which may be the management account.
    actions: Vec<Action>,
    /// The actions of the role in member accounts.
    member_actions: Vec<Action>,
    /// Whether the scan looks up delegated administrators.
    finds_delegated: bool,
}

impl<'typed> PolicyRequest<'typed> {
    fn new(arguments: &'typed PolicyArguments) -> Result<Self, Failure> {
        let catalog = Arc::new(open_catalog(arguments.catalog.as_deref())?);
        let mut role =
            arguments.role.choice(DEFAULT_SESSION_NAME.to_owned(), SessionPolicyChoice::default())?;
        let accounts = arguments.accounts.read(&arguments.scan)?;
        role.role.overrides = role_overrides(accounts.as_deref().unwrap_or_default());
        let partition = partition(&arguments.partition, &catalog)?;
        if let Some(id) = &arguments.organization_id {
            check_organization(id)?;
        }
        let AllNeeds { needs, of_members, finds_delegated } =
            runtime()?.block_on(all_needs(arguments, accounts.as_deref().unwrap_or_default(), &catalog))?;
        let actions = actions_of(&needs).into_iter().collect();
        let member_actions = actions_of(&of_members).into_iter().collect();
        Ok(Self {
            arguments,
            catalog,
            role,
            accounts,
            partition,
            needs,
            actions,
            member_actions,
            finds_delegated,
        })
    }

    /// Returns the permissions that the specs need; an error without a spec.
    fn needs(&self) -> Result<&[Need], Failure> {
        if self.arguments.scan.is_empty() {
            return Err(Failure::usage("missing --scan: a policy needs a spec")
                .hint("run `scan policy -s s3.json`; only --trust and --management work without a spec"));
        }
        Ok(&self.needs)
    }

    /// Returns the policy of a permission set, which is used in all accounts.
    fn permission_set(&self) -> Result<Value, Failure> {
        self.needs()?;
        if let Some(option) = self.arguments.role.first_given() {
            return Err(Failure::usage(format!("{option}: with --permission-set, no role is assumed")));
        }
        permission_set_policy(&self.actions).ok_or_else(|| {
            Failure::usage("the policy is too long for a permission set")
                .hint("use AWS's ReadOnlyAccess in the permission set")
        })
    }

    fn policies(&self) -> Result<Vec<Value>, Failure> {
        self.needs()?;
        let policies = member_policies(&self.member_actions);
        self.note_the_management_account();
        match policies.len() {
            0 if !self.actions.is_empty() => {
                Err(Failure::usage("no policy for the member role: the spec has no calls in member accounts")
                    .hint("use --management to print the policy of the management account"))
            }
            0 => Err(Failure::usage("no policy: the spec has no calls that need a permission of IAM")),
            1 => Ok(policies),
            count => {
                warn(format!(
                    "{} need more than the {MANAGED_POLICY_LENGTH} characters of a managed policy: the role needs all \
                     {count} policies below",
                    plural(self.member_actions.len(), "action")
                ));
                if count > POLICIES_PER_ROLE {
                    warn(format!(
                        "a role can have {POLICIES_PER_ROLE} managed policies unless the account's quota is raised: \
                         consider AWS's ReadOnlyAccess"
                    ));
                }
                Ok(policies)
            }
        }
    }

    fn member_role(&self) -> Result<MemberRole, Failure> {
        let role = &self.role.role;
        let (path, name) = match &role.arn_template {
            Some(template) => path_of(template),
            None => (role.role_path.clone(), role.role_name.clone()),
        };
        let principal = match self.principal() {
            Ok(principal) => principal,
            // The principal becomes a parameter of the template.
            Err(_) if self.arguments.principal.is_none() => Value::Null,
            Err(wrong) => return Err(wrong),
        };
        let policies = self.policies()?;
        Ok(MemberRole {
            name,
            path,
            longest_session: role.duration,
            access: self.access(principal),
            policies,
        })
    }

    fn access(&self, principal: Value) -> RoleAccess {
        let role = &self.role.role;
        RoleAccess {
            principal,
            role_arns: role_arns(role, &self.partition, self.accounts.as_deref()),
            external_id: role.external_id.clone(),
            organization: self.arguments.organization_id.clone(),
            tags: !role.tags.is_empty(),
            source_identity: self.role.source_identity.is_some(),
        }
    }

    /// Returns the ARN of the principal that may assume the role.
    fn principal(&self) -> Result<Value, Failure> {
        let typed = self.arguments.principal.as_ref().or(self.role.via_role.as_ref());
        let Some(typed) = typed else {
            return Err(Failure::usage("missing --principal: a trust policy needs a principal")
                .hint("add --principal, such as arn:aws:iam::123456789012:role/Scanner")
                .hint("run `aws sts get-caller-identity` to see your own ARN"));
        };
        if AccountId::parse(typed).is_some() {
            return Ok(json!(format!("arn:{}:iam::{typed}:root", self.partition)));
        }
        match Arn::parse(typed) {
            Some(Arn { service: "iam", region: "", account, resource, .. })
                if AccountId::parse(account).is_some()
                    && (resource == "root" || resource.starts_with("role/") || resource.starts_with("user/")) =>
            {
                Ok(json!(typed))
            }
            Some(Arn { partition, service: "sts", region: "", account, resource })
                if resource.starts_with("assumed-role/") =>
            {
                let role = resource.split('/').nth(1).unwrap_or_default();
                Err(Failure::usage(format!("--principal: `{typed}` is a temporary session"))
                    .hint(format!("use its role: arn:{partition}:iam::{account}:role/{role} (with its path, if it has one)")))
            }
            _ => Err(Failure::usage(format!("--principal: `{typed}` is neither the ARN of a role or user, nor an account"))
                .hint("use an ARN such as arn:aws:iam::123456789012:role/Scanner, or an account ID for all its principals")),
        }
    }

    /// Warns that the intermediate role and its caller need different policies.
    fn note_the_caller(&self) {
        if let Some(via_role) = &self.role.via_role {
            warn(format!(
                "this is the policy of {via_role}; its caller needs sts:AssumeRole on it, and must be a principal of \
                 its trust policy"
            ));
        }
        note_roles_in_between(&self.role.role, &self.partition);
        if self.arguments.scan.is_empty() {
            warn("without -s SPEC, the policy does not allow scanning the caller's own account");
        }
    }

    /// Warns that some actions are only needed in the management account and not by the member role.
    fn note_the_management_account(&self) {
        let mut only = self.actions.iter().filter(|action| !self.member_actions.contains(action)).peekable();
        if only.peek().is_none() {
            return;
        }
        let names: Vec<&str> = only.map(Action::as_str).collect();
        warn(format!(
            "{} {} only needed in the management account and excluded here, see --management: {}",
            plural(names.len(), "action"),
            if names.len() == 1 { "is" } else { "are" },
            names.join(", ")
        ));
    }

    fn note_the_session_policy(&self) -> Result<(), Failure> {
        let forms = session_forms(&self.catalog, self.needs()?, &self.partition).map_err(unreadable)?;
        warn(match forms.first() {
            Some(form) if form.managed.is_none() => format!(
                "role sessions have exactly these permissions: the session policy has {}",
                plural(form.document.as_deref().unwrap_or_default().len(), "character")
            ),
            _ => "these permissions are too long for a session policy: role sessions have those of AWS's \
                  ReadOnlyAccess, except for operations that scan never calls"
                .to_owned(),
        });
        Ok(())
    }
}

/// The permissions that specs need.
#[derive(Default)]
struct AllNeeds {
    needs: Vec<Need>,
    /// The permissions that are needed in member accounts.
    of_members: Vec<Need>,
    finds_delegated: bool,
}

/// Returns the permissions that all specs need, and those of the scan itself.
async fn all_needs(
    arguments: &PolicyArguments,
    accounts: &[Account],
    catalog: &Catalog,
) -> Result<AllNeeds, Failure> {
    let mut all = AllNeeds::default();
    let names = RegionNames { given: arguments.regions.clone(), excluded: Vec::new() };
    let (given, _) = names.check(&read_partitions(catalog)?)?;
    for name in &arguments.scan {
        let spec = ScanSpec::load(
            std::slice::from_ref(name),
            catalog,
            arguments.deep.scan(None),
            foreign_http_client,
        )
        .await?;
        spec.notices.iter().for_each(warn);
        let mut chosen = given.clone().or_else(|| spec.regions.clone());
        if let Some(chosen) = &mut chosen {
            chosen.extend(own_regions(accounts).cloned());
        }
        let regions = RegionChoice::new(chosen, spec.exclude_regions.clone());
        let calls: Vec<PlannedCall> = PlannedCall::all(spec.entries.iter().cloned());
        all.needs.extend(needs(catalog, &calls, &regions).map_err(unreadable)?);
        let typical = Surroundings::typical(&spec.entries);
        let (calls, _) = typical.calls(&spec.entries);
        let in_members = |call: &PlannedCall, function: usize| {
            typical.members().any(|account| call.why_not(account, function).is_none())
        };
        all.of_members.extend(needs_of(catalog, &calls, &regions, &in_members).map_err(unreadable)?);
        let look_ups = LookUps::of(&spec.entries);
        all.finds_delegated |= !look_ups.named.is_empty() || !look_ups.implied.is_empty();
    }
    for needs in [&mut all.needs, &mut all.of_members] {
        if arguments.who {
            needs.extend(who_needs(catalog).map_err(unreadable)?);
        }
        needs.sort_by(Need::by_action);
        needs.dedup();
    }
    Ok(all)
}

fn unreadable(cause: crate::model::catalog::CatalogError) -> Failure {
    Failure::internal("cannot read the catalog").with_source(cause)
}

fn pretty(document: &Value) -> String {
    format!("{document:#}")
}
