import { isIP } from 'node:net';
import { cidrFamily } from '../core/values/addresses';
import type { MachineSurvey, SurveyedCall, SurveyedListener, SurveyedMachine, SurveyedSetting } from './machine-survey';
import { FINDINGS } from './private/effects';
import { flag, list, map, orNull, type Shape, text, textByName, textThat, whole } from './private/shape';

/** Answers, or what is wrong with them: all of it. */
export interface ReadSurveys {
  readonly surveys: readonly MachineSurvey[];
  /** Each with its file, the path of the value and what is allowed. */
  readonly problems: readonly string[];
}

/** The format that this version reads; `machine/main.py` writes it. */
export const SURVEY_FORMAT = 'meshvm-survey/1';

/**
 * Reads the answers of machines, text by file.
 *
 * @param answers Name of the file and its text.
 */
export function readSurveys(answers: readonly (readonly [file: string, text: string])[]): ReadSurveys {
  const problems: string[] = [];
  const surveys: MachineSurvey[] = [];
  for (const [file, content] of answers) {
    const wrong: string[] = [];
    const survey = readSurvey(file, content, wrong);
    problems.push(...wrong.slice(0, MOST_PROBLEMS));
    if (wrong.length > MOST_PROBLEMS) problems.push(`${file}: and ${wrong.length - MOST_PROBLEMS} more of this kind`);
    if (survey === undefined || wrong.length > 0) continue;
    const twin = surveys.find(
      ({ machine }) => machine.name === survey.machine.name && machine.address === survey.machine.address,
    );
    if (twin)
      problems.push(`${file}: ${twin.source} tells of the same machine (${nameOf(survey)}); leave one of them out`);
    surveys.push(survey);
  }
  return { surveys, problems };
}

const MOST_PROBLEMS = 20;

function readSurvey(file: string, content: string, problems: string[]): MachineSurvey | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    problems.push(`${file}: this is no JSON (${(error as Error).message}); ${REMEDY}`);
    return undefined;
  }
  const format =
    typeof value === 'object' && value !== null ? (value as { readonly format?: unknown }).format : undefined;
  if (format !== SURVEY_FORMAT) {
    problems.push(`${file}: format is ${shown(format)}; allowed: ${JSON.stringify(SURVEY_FORMAT)}; ${REMEDY}`);
    return undefined;
  }
  const survey = SURVEY(value, '', (path, found, allowed) => {
    problems.push(`${file}: ${path} is ${shown(found)}; allowed: ${allowed}; ${REMEDY}`);
  });
  return { ...survey, source: file };
}

const REMEDY = 'make the answer anew with the survey.py of this version and --json';

function nameOf({ machine }: MachineSurvey): string {
  return `${JSON.stringify(machine.name)}, ${machine.address ?? 'no address'}`;
}

function shown(value: unknown): string {
  const written = JSON.stringify(value) ?? 'missing';
  return written.length > 80 ? `${written.slice(0, 80)}...` : written;
}

const port = whole(1, 65_535);
const address = textThat((value) => isIP(value) !== 0 && !value.includes('%'), 'an IP address');
const cidr = textThat((value) => cidrFamily(value) !== 0, 'an address range with all host bits zero');
const name = orNull(text);
const maybe = orNull(flag);
const protocol = textThat((value) => value === 'tcp' || value === 'udp', 'tcp or udp');
const path = textThat((value) => /^\/[!-~]*$/.test(value) && value.length <= 256, 'a path of plain signs');

const MACHINE: Shape<SurveyedMachine> = map({
  name: text,
  address: orNull(address),
  addresses: list(address),
  networks: list(map({ cidr })),
  distribution: map({ id: name, version: name }),
  systemd: flag,
  vendor: name,
});

const LISTENER: Shape<SurveyedListener> = map({
  protocol,
  address,
  port,
  loopbackOnly: flag,
  program: name,
  unit: name,
  user: name,
  container: flag,
  speaksFirst: maybe,
  speaks: name,
  http: maybe,
  healthPage: orNull(path),
});

const CALL: Shape<SurveyedCall> = map({ protocol, address, port, local: flag, program: name });

const SETTING: Shape<SurveyedSetting> = map({
  server: text,
  file: name,
  line: orNull(whole(1, 2 ** 31)),
  finding: textThat((value) => Object.hasOwn(FINDINGS, value), `one of ${Object.keys(FINDINGS).join(', ')}`),
});

const SURVEY: Shape<Omit<MachineSurvey, 'source'>> = map({
  surveyed: map({ seconds: whole(0, 2 ** 31), askedHttp: flag, unseen: list(text) }),
  machine: MACHINE,
  listeners: list(LISTENER),
  callers: list(map({ port, address })),
  calls: list(CALL),
  peersLeftOff: flag,
  containers: map({ publishedPorts: list(port) }),
  firewalls: map({ ufw: maybe, firewalld: maybe }),
  resolver: map({ nameservers: list(text) }),
  sidecar: map({ ports: list(map({ port, program: name })), userId: orNull(whole(0, 2 ** 32)) }),
  clock: map({ synchronized: maybe }),
  disks: list(map({ path: text, freeMegabytes: whole(0, Number.MAX_SAFE_INTEGER) })),
  kernelModules: textByName,
  multicast: list(text),
  programs: list(text),
  configuration: list(SETTING),
});
