/**
 * Stands in for Pulumi's provider of AWS, which no registry has as something that can be built here: `pulumi-resource-aws` for the engine. It
 * makes nothing. Each process serves one provider of a program: its account is the one in `allowedAccountIds`, its region the one in `region`.
 * What it is asked and made to create goes to the file in MESHVM_FAKE_AWS, a line each.
 */
import { appendFileSync } from 'node:fs';
import * as grpc from '@grpc/grpc-js';
import plugin from '@pulumi/pulumi/proto/plugin_pb';
import service from '@pulumi/pulumi/proto/provider_grpc_pb';
import messages from '@pulumi/pulumi/proto/provider_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { ANSWERS } from '../../pulumi/aws/answers';

const { version } = require('@pulumi/aws/package.json') as { readonly version: string };
let account = '123456789012';
let region = 'eu-west-1';

/** What the provider was asked, or made to create. */
export interface AwsCall {
  readonly account: string;
  readonly region: string;
  /** Token of the function, or type of the resource. */
  readonly what: string;
  /** Of a resource. */
  readonly name?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

// biome-ignore lint/suspicious/noExplicitAny: the generated messages have no types
type Request = any;

const handlers: Readonly<Record<string, (request: Request) => unknown>> = {
  getPluginInfo: () => {
    const info = new plugin.PluginInfo();
    info.setVersion(version.replace(/^v/, ''));
    return info;
  },
  getSchema: () => {
    const response = new messages.GetSchemaResponse();
    response.setSchema(JSON.stringify(SCHEMA));
    return response;
  },
  checkConfig: checked,
  diffConfig: () => new messages.DiffResponse(),
  configure: (request) => {
    const given = request.getArgs()?.toJavaScript() ?? {};
    const ids =
      typeof given.allowedAccountIds === 'string' ? JSON.parse(given.allowedAccountIds) : given.allowedAccountIds;
    account = ids?.[0] ?? account;
    region = given.region ?? region;
    return new messages.ConfigureResponse();
  },
  check: checked,
  diff: (request) => {
    const same =
      JSON.stringify(request.getOldInputs()?.toJavaScript()) === JSON.stringify(request.getNews()?.toJavaScript());
    const response = new messages.DiffResponse();
    response.setChanges(same ? 1 : 2);
    return response;
  },
  create: (request) => {
    const [, , types = '', name = ''] = request.getUrn().split('::');
    const inputs = request.getProperties()?.toJavaScript() ?? {};
    note({ what: types.split('$').pop() ?? '', name, inputs });
    const response = new messages.CreateResponse();
    const id = `${name}-id`;
    response.setId(id);
    const outputs = {
      ...inputs,
      id,
      arn: `arn:aws:iam::${account}:${name}`,
      name: name,
      uniqueId: 'AROA',
      latestVersion: 1,
    };
    response.setProperties(Struct.fromJavaScript(outputs));
    return response;
  },
  delete: () => new (require('google-protobuf/google/protobuf/empty_pb').Empty)(),
  invoke: (request) => {
    const what: string = request.getTok();
    const inputs = request.getArgs()?.toJavaScript() ?? {};
    note({ what, inputs });
    const own: Readonly<Record<string, object>> = {
      'aws:index/getCallerIdentity:getCallerIdentity': { accountId: account },
      'aws:index/getRegion:getRegion': { region },
    };
    const response = new messages.InvokeResponse();
    response.setReturn(Struct.fromJavaScript((own[what] ?? ANSWERS[what] ?? {}) as never));
    return response;
  },
};

/** What a program in YAML needs to know: there are providers. */
const SCHEMA = {
  name: 'aws',
  version: version.replace(/^v/, ''),
  provider: {
    inputProperties: {
      region: { type: 'string' },
      allowedAccountIds: { type: 'array', items: { type: 'string' } },
    },
  },
};

function checked(request: Request): unknown {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

function note(call: Omit<AwsCall, 'account' | 'region'>): void {
  const file = process.env.MESHVM_FAKE_AWS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ account, region, ...call })}\n`);
}

const server = new grpc.Server({ 'grpc.max_receive_message_length': 400 << 20 });
server.addService(
  service.ResourceProviderService,
  Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      (call: { readonly request: Request }, callback: (error: Error | null, response?: unknown) => void) => {
        try {
          callback(null, handle(call.request));
        } catch (error) {
          callback(error as Error);
        }
      },
    ]),
  ),
);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
