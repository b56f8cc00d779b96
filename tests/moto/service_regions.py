"""Prints in which regions AWS offers which service, as src/model/catalog/availability/service_regions.txt has it.

    $SCAN_TEST_PYTHON tests/moto/service_regions.py > src/model/catalog/availability/service_regions.txt

A line is a service by boto3's name and, for each partition that has it, the regions: `*` for all of them,
`!a,b` for all but some, `a,b` for some, `?` where no source speaks of the partition. A service without a
line is in no source. The sources, all of AWS and all pinned by tests/requirements.txt:

1. botocore's endpoints.json, by host name and by endpoint prefix;
2. the public parameters of Systems Manager below /aws/service/global-infrastructure, as moto carries them,
   by host name and by name;
3. the resource types that CloudFormation has in each region, as cfn-lint carries them, for services that
   endpoints.json does not have.
"""

import gzip
import json
from collections import defaultdict
from pathlib import Path

import boto3
import botocore.session
import cfnlint
import moto
from botocore.endpoint_provider import EndpointProvider

# endpoints.json gives these a host name in every region by a pattern, where the parameters of Systems
# Manager name a few regions.
BY_PATTERN = {"datazone", "gameliftstreams", "kendra-ranking", "qbusiness"}

# Services that are called otherwise among the parameters of Systems Manager.
PARAMETERS_OF = {
    "account-access-runtime": "account-access",
    "agent-registry-control": "agent-registry",
    "bedrock-agentcore-control": "bedrock-agentcore",
    "deadline": "deadline-cloud",
    "gameliftstreams": "AmazonGameLiftStreams",
    "geo-maps": "amazonlocationservice",
    "geo-places": "amazonlocationservice",
    "geo-routes": "amazonlocationservice",
    "launch-wizard": "launchwizard",
    "payment-cryptography-data": "payment-cryptography",
    "personalize-events": "personalize",
    "personalize-runtime": "personalize",
    "route53-recovery-cluster": "route53-application-recovery-controller",
}

# The start of the resource types of services that endpoints.json does not have.
TYPES_OF = {
    "account-access": "AWS::AccountAccess::",
    "account-access-runtime": "AWS::AccountAccess::",
    "aiops": "AWS::AIOps::",
    "application-signals": "AWS::ApplicationSignals::",
    "arc-region-switch": "AWS::ARCRegionSwitch::",
    "b2bi": "AWS::B2BI::",
    "bedrock-agent": "AWS::Bedrock::Agent",
    "bedrock-agentcore": "AWS::BedrockAgentCore::",
    "bedrock-agentcore-control": "AWS::BedrockAgentCore::",
    "bedrock-data-automation": "AWS::Bedrock::DataAutomation",
    "bedrock-runtime": "AWS::Bedrock::Guardrail",
    "cleanroomsml": "AWS::CleanRoomsML::",
    "codeconnections": "AWS::CodeConnections::",
    "connecthealth": "AWS::HealthAgent::",
    "deadline": "AWS::Deadline::",
    "devops-agent": "AWS::DevOpsAgent::",
    "docdb-elastic": "AWS::DocDBElastic::",
    "dsql": "AWS::DSQL::",
    "elementalinference": "AWS::ElementalInference::",
    "entityresolution": "AWS::EntityResolution::",
    "evs": "AWS::EVS::",
    "fis": "AWS::FIS::",
    "imagebuilder": "AWS::ImageBuilder::",
    "interconnect": "AWS::Interconnect::",
    "launch-wizard": "AWS::LaunchWizard::",
    "mailmanager": "AWS::SES::MailManager",
    "medical-imaging": "AWS::HealthImaging::",
    "migration-hub-refactor-spaces": "AWS::RefactorSpaces::",
    "mpa": "AWS::MPA::",
    "mwaa-serverless": "AWS::MWAAServerless::",
    "neptune-graph": "AWS::NeptuneGraph::",
    "networkflowmonitor": "AWS::NetworkFlowMonitor::",
    "networkmonitor": "AWS::NetworkMonitor::",
    "observabilityadmin": "AWS::ObservabilityAdmin::",
    "odb": "AWS::ODB::",
    "payment-cryptography": "AWS::PaymentCryptography::",
    "pca-connector-ad": "AWS::PCAConnectorAD::",
    "pca-connector-scep": "AWS::PCAConnectorSCEP::",
    "pcs": "AWS::PCS::",
    "route53-recovery-readiness": "AWS::Route53RecoveryReadiness::",
    "route53globalresolver": "AWS::Route53GlobalResolver::",
    "rtbfabric": "AWS::RTBFabric::",
    "s3files": "AWS::S3Files::",
    "s3tables": "AWS::S3Tables::",
    "s3vectors": "AWS::S3Vectors::",
    "securityagent": "AWS::SecurityAgent::",
    "ssm-guiconnect": "AWS::SSMGuiConnect::",
    "supplychain": "AWS::SCN::",
    "timestream-influxdb": "AWS::Timestream::InfluxDBInstance",
    "wickr": "AWS::Wickr::",
    "workspaces-instances": "AWS::WorkspacesInstances::",
}


def read(path):
    return json.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_text())


loader = botocore.session.get_session().get_component("data_loader")
documents = [document for document in loader.load_data("endpoints")["partitions"] if document["regions"]]
# Of the partitions that are closed to the public, endpoints.json alone speaks.
CLOSED = {"aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}

all_regions = {document["partition"]: set(document["regions"]) for document in documents}
partition_of = {region: name for name, regions in all_regions.items() for region in regions}


def listed_endpoints():
    """By endpoint prefix and by host name, the regions that endpoints.json lists."""
    found = defaultdict(set)
    for document in documents:
        for prefix, service in document["services"].items():
            for region, endpoint in service["endpoints"].items():
                names = {**document["defaults"], **service.get("defaults", {}), **endpoint}
                # A single endpoint of the partition is called by a region that is none.
                scope = endpoint.get("credentialScope", {}).get("region", region)
                region = region if region in partition_of else scope
                if region in partition_of and partition_of[region] == document["partition"]:
                    host = names["hostname"].format(
                        service=prefix, region=region, dnsSuffix=names.get("dnsSuffix", document["dnsSuffix"])
                    )
                    found[prefix].add(region)
                    found[host].add(region)
    return found


def listed_parameters():
    """By name and by host name, the regions that the public parameters list for a service with that name or host.

    Where they have one host of a service, they may lack others, so that a host stands for all regions.
    """
    found = defaultdict(set)
    path = Path(moto.__file__).parent / "ssm" / "resources" / "services.json.gz"
    services = read(path)["aws"]["service"]["global-infrastructure"]["services"]
    for name, service in services.items():
        found[name] |= service.get("regions", {}).keys() & partition_of.keys()
        for parameters in service.get("regions", {}).values():
            host = parameters.get("endpoint")
            host = host["Value"] if isinstance(host, dict) else host
            if host:
                found[host.lower()] |= found[name]
    return found


def listed_types():
    """By service, the regions in which CloudFormation has its resource types; and those without data."""
    found, without = defaultdict(set), set()
    providers = Path(cfnlint.__file__).parent / "data" / "schemas" / "providers"
    for region, partition in partition_of.items():
        path = providers / f"{region}.json"
        if partition in CLOSED:
            continue  # these files have every type there is
        if not path.exists():
            without.add(region)
            continue
        names = read(path)
        for service, types in TYPES_OF.items():
            if any(name.startswith(types) for name in names):
                found[service].add(region)
    return found, without


def hosts_of(service):
    """The host names of a service, by region."""
    rules = loader.load_service_model(service, "endpoint-rule-set-1")
    provider = EndpointProvider(rules, loader.load_data("partitions"))
    given = {name: rule["default"] for name, rule in rules["parameters"].items() if "default" in rule}
    hosts = {}
    for region in partition_of:
        try:
            endpoint = provider.resolve_endpoint(**{**given, "Region": region})
        except Exception:  # the rules want more than a region, or refuse it
            continue
        hosts[region] = endpoint.url.split("://")[1]
    return hosts


endpoints, parameters = listed_endpoints(), listed_parameters()
types, without_types = listed_types()


def regions_of(service):
    """The regions of a service, and the partitions of which no source speaks; None without a source."""
    model = loader.load_service_model(service, "service-2")["metadata"]
    prefix, name = model["endpointPrefix"], PARAMETERS_OF.get(service, service)
    hosts = hosts_of(service)
    by_endpoints = set() if service in BY_PATTERN else set(endpoints[prefix])
    by_parameters = set(parameters[name])
    for region, host in hosts.items():
        if service not in BY_PATTERN and region in endpoints[host]:
            by_endpoints.add(region)
        by_parameters |= parameters[host]
    by_types = set() if by_endpoints else types[service]
    if by_types and not by_parameters:
        by_types |= without_types  # what no source speaks of counts as offered
    found = by_endpoints | by_parameters | by_types
    if not found:
        return None
    # The parameters and the types do not show partitions that are closed to the public.
    unknown = set() if prefix in endpoints else CLOSED
    if {partition_of[region] for region in found} <= CLOSED:
        unknown = set(all_regions)  # the list of a closed partition does not show where else a service is
    for partition, regions in all_regions.items():
        ours = {host for region, host in hosts.items() if region in regions}
        if len(regions) > 1 and len(ours) == 1 and found & regions:
            found |= regions  # one endpoint for all of them
    return found, unknown - {partition_of[region] for region in found}


def written(partition, found):
    regions = all_regions[partition]
    here, absent = found & regions, regions - found
    if not absent:
        return "*"
    if len(absent) < len(here):
        return "!" + ",".join(sorted(absent))
    return ",".join(sorted(here))


print("# Made by tests/moto/service_regions.py, which describes the lines and their sources.")
print("# " + " ".join(f"{name}:{','.join(sorted(regions))}" for name, regions in all_regions.items()))
for service in boto3.Session().get_available_services():
    listed = regions_of(service)
    if listed is None:
        continue
    found, unknown = listed
    places = [f"{name}:{written(name, found)}" for name in all_regions if found & all_regions[name]]
    places += [f"{name}:?" for name in all_regions if name in unknown]
    print(service, *places)
