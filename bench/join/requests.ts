import type { World } from '../../test/mesh/machines/world';
import { AGENT, bareMachine } from './bare-machine';

/** Runs one hour of refreshes of a machine, by a clock that is moved, and counts what the agent says that it asked of the API server. */
export async function countRequests(world: World): Promise<string> {
  const machine = await bareMachine(world, 'counted');
  const output = await machine.output(`python3 -I - <<'END'\n${HOUR}\nEND`);
  await machine.switchOff();
  const counts = JSON.parse(output.split('\n').pop() ?? '') as readonly number[];
  const [first, ...later] = counts;
  const hour = later.reduce((sum, count) => sum + count, 0);
  return `requests to the API server: ${first} to join, then ${hour} in an hour (${later.length} refreshes, every 300 s: ${later.join(' ')})\n`;
}

/** The agent itself, with another clock. The cluster's tokens follow the real one, so their times are moved by as much. */
const HOUR = `
import importlib.machinery, importlib.util, json, time
loader = importlib.machinery.SourceFileLoader('meshvm', '${AGENT}')
spec = importlib.util.spec_from_loader('meshvm', loader)
agent = importlib.util.module_from_spec(spec)
loader.exec_module(agent)
real, offset, counts = time.time, 0, []
time.time = lambda: real() + offset
agent.sidecar_ready = lambda: True
born, ask, read_claims = {}, agent.Cluster.token, agent.claims_of

def token(cluster, identity):
    fresh = ask(cluster, identity)
    born[fresh] = offset
    return fresh

def claims_of(text):
    return {key: value + born[text] if key in ('iat', 'exp') else value for key, value in read_claims(text).items()}

agent.Cluster.token, agent.claims_of = token, claims_of
for step in range(13):
    offset = step * 300
    arguments = ['join', '--wait', '0'] if step == 0 else ['refresh']
    if agent.main(arguments):
        raise SystemExit('the agent failed')
    counts.append(agent.load_state()['requests'])
print(json.dumps(counts))
`;
