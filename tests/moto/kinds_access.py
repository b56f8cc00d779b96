"""Two of each kind of IAM, and of the services for keys, secrets and certificates."""

from resources import READ, TRUST
from tag_forms import given, upper

METADATA = "<EntityDescriptor>" + "x" * 1000 + "</EntityDescriptor>"


def make(kinds):
    identities(kinds)
    providers(kinds)
    secrets(kinds)
    keys(kinds)
    certificates(kinds)
    pools(kinds)


def identities(kinds):
    client = kinds.client("iam")
    for name, tags in kinds.pair:
        listed = upper(tags)
        user = client.create_user(UserName=name, Tags=listed)["User"]
        kinds.add("iam", "user", "AWS::IAM::User", user["UserId"], user["Arn"], name, tags)
        role = client.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, Tags=listed)["Role"]
        kinds.add("iam", "role", "AWS::IAM::Role", role["RoleId"], role["Arn"], name, tags)
        group = client.create_group(GroupName=name)["Group"]
        # Groups have no tags.
        kinds.add("iam", "group", "AWS::IAM::Group", group["GroupId"], group["Arn"], name, None)
        policy = client.create_policy(PolicyName=name, PolicyDocument=READ, Tags=listed)["Policy"]
        kinds.add("iam", "policy", "AWS::IAM::ManagedPolicy", policy["PolicyId"], policy["Arn"], name, tags)
        profile = client.create_instance_profile(InstanceProfileName=name, Tags=listed)["InstanceProfile"]
        identity = profile["InstanceProfileId"]
        kinds.add("iam", "instance_profile", "AWS::IAM::InstanceProfile", identity, profile["Arn"], name, tags)


def providers(kinds):
    client = kinds.client("iam")
    for name, tags in kinds.pair:
        listed = upper(tags)
        address = f"{name}.example.com/id/A1"
        oidc = client.create_open_id_connect_provider(
            Url=f"https://{address}", ThumbprintList=["a" * 40], Tags=listed
        )["OpenIDConnectProviderArn"]
        kinds.add("iam", "open_id_connect_provider", "AWS::IAM::OIDCProvider", oidc, oidc, address, tags)
        saml = client.create_saml_provider(Name=name, SAMLMetadataDocument=METADATA, Tags=listed)["SAMLProviderArn"]
        kinds.add("iam", "saml_provider", "AWS::IAM::SAMLProvider", saml, saml, name, tags)
        certificate = client.upload_server_certificate(
            ServerCertificateName=name, CertificateBody="body", PrivateKey="key", Tags=listed
        )["ServerCertificateMetadata"]
        kinds.add(
            "iam", "server_certificate", "AWS::IAM::ServerCertificate", certificate["ServerCertificateId"],
            certificate["Arn"], name, tags,
        )
        device = client.create_virtual_mfa_device(VirtualMFADeviceName=name, Tags=listed)
        serial = device["VirtualMFADevice"]["SerialNumber"]
        kinds.add("iam", "virtual_mfa_device", "AWS::IAM::VirtualMFADevice", serial, serial, name, tags)


def secrets(kinds):
    secrets, parameters = kinds.client("secretsmanager"), kinds.client("ssm")
    for name, tags in kinds.pair:
        secret = secrets.create_secret(Name=name, SecretString="x", Tags=upper(tags))
        # A secret has no ID; names are unique in a region.
        kinds.add("secretsmanager", "secret", "AWS::SecretsManager::Secret", name, secret["ARN"], name, tags)
        path = f"/shop/{name}"
        parameters.put_parameter(Name=path, Value="x", Type="String", Tags=upper(tags))
        arn = kinds.arn("ssm", f"parameter{path}")
        kinds.add("ssm", "parameter", "AWS::SSM::Parameter", path, arn, path, tags)
        content = '{"schemaVersion": "2.2", "description": "x", "mainSteps": []}'
        parameters.create_document(Name=name, Content=content, DocumentType="Command", Tags=upper(tags))
        kinds.add("ssm", "document", "AWS::SSM::Document", name, kinds.arn("ssm", f"document/{name}"), name, tags)


def keys(kinds):
    client = kinds.client("kms")
    for name, tags in kinds.pair:
        listed = [{"TagKey": key, "TagValue": value} for key, value in tags.items()]
        key = client.create_key(Tags=listed)["KeyMetadata"]
        kinds.add("kms", "key", "AWS::KMS::Key", key["KeyId"], key["Arn"], None, tags)
        alias = f"alias/{name}"
        client.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
        # Aliases have no tags.
        kinds.add("kms", "alias", "AWS::KMS::Alias", alias, kinds.arn("kms", alias), alias, None)


def certificates(kinds):
    client = kinds.client("acm")
    for name, tags in kinds.pair:
        domain = f"{name}.example.com"
        arn = client.request_certificate(DomainName=domain, **given("Tags", upper(tags)))["CertificateArn"]
        kinds.add("acm", "certificate", "AWS::CertificateManager::Certificate", arn, arn, domain, tags)


def pools(kinds):
    users, identities = kinds.client("cognito-idp"), kinds.client("cognito-identity")
    for name, tags in kinds.pair:
        pool = users.create_user_pool(PoolName=name, UserPoolTags=tags)["UserPool"]
        kinds.add("cognito-idp", "user_pool", "AWS::Cognito::UserPool", pool["Id"], pool["Arn"], name, tags)
        made = identities.create_identity_pool(
            IdentityPoolName=name, AllowUnauthenticatedIdentities=False, IdentityPoolTags=tags
        )["IdentityPoolId"]
        arn = kinds.arn("cognito-identity", f"identitypool/{made}")
        kinds.add("cognito-identity", "identity_pool", "AWS::Cognito::IdentityPool", made, arn, name, tags)
