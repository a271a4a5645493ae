"""Calls AWS by its SDK, one call a line: {"service", "operation", "parameters"} in, {"answer"} or {"error"} out.

With "check" the parameters are held against the SDK's model of the service, and nothing is sent.

usage: sdk.py ENDPOINT REGION
"""

import datetime
import json
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from botocore.validate import ParamValidator


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(repr(value))


def main():
    endpoint, region = sys.argv[1:]
    clients = {}
    for line in sys.stdin:
        call = json.loads(line)
        service, operation, parameters = call["service"], call["operation"], call["parameters"]
        if service not in clients:
            clients[service] = boto3.client(
                service, endpoint_url=endpoint, region_name=region, aws_access_key_id="key", aws_secret_access_key="secret"
            )
        client = clients[service]
        try:
            if call.get("check"):
                model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
                report = ParamValidator().validate(parameters, model.input_shape)
                reply = {"error": report.generate_report()} if report.has_errors() else {"answer": {}}
            else:
                answer = getattr(client, operation)(**parameters)
                answer.pop("ResponseMetadata")
                reply = {"answer": answer}
        except (BotoCoreError, ClientError) as error:
            reply = {"error": str(error)}
        print(json.dumps(reply, default=plain), flush=True)


main()
