import type { Computer } from './computer';

/** Prints the rules of both flavours of iptables, which don't see each other's. */
export const PRINT_RULES = 'for tool in legacy nft; do iptables-$tool-save; done 2>/dev/null';

/** The rules of a machine. */
export async function iptablesRules(machine: Computer): Promise<string> {
  return (await machine.run(PRINT_RULES, true)).stdout;
}

/** Whether Istio's rules are there. */
export async function isCaptured(machine: Computer): Promise<boolean> {
  return (await iptablesRules(machine)).includes('ISTIO_OUTPUT');
}
