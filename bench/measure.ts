import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A program to measure. */
export interface Candidate {
  readonly title: string;
  readonly argv: readonly string[];
  /** File that gets what the program prints. */
  readonly stdout?: string;
}

/** What one run took. */
export interface Sample {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Runs of one candidate. */
export interface Measurement {
  readonly title: string;
  readonly samples: readonly Sample[];
}

/** Runs each candidate once unmeasured, then `rounds` times in turn (A B C A B C ...), so that a busy machine hurts all alike. */
export function measure(candidates: readonly Candidate[], rounds: number): readonly Measurement[] {
  const commands = candidates.map(({ argv, stdout = '/dev/null' }) => ({ argv, stdout }));
  const output = execFileSync('python3', [join(__dirname, 'measure.py'), String(rounds)], {
    input: JSON.stringify(commands),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const samples = JSON.parse(output) as readonly (readonly Sample[])[];
  return candidates.map(({ title }, index) => ({ title, samples: samples[index] }));
}

/**
 * A table with a row for each measurement, and two ratios of time against `reference`: of the fastest runs, which other work on the
 * machine touches least, and the median of the ratios pair by pair.
 */
export function table(measurements: readonly Measurement[], reference: Measurement): string {
  const head = ['', 'min', 'median', 'CPU', 'peak memory', `min x ${reference.title}`, 'pairs'];
  const rows = measurements.map(({ title, samples }) => [
    title,
    `${seconds(fastest(samples))} s`,
    `${seconds(median(samples.map((sample) => sample.seconds)))} s`,
    `${seconds(median(samples.map((sample) => sample.cpuSeconds)))} s`,
    `${Math.round(Math.max(...samples.map((sample) => sample.peakBytes)) / 1e6)} MB`,
    (fastest(samples) / fastest(reference.samples)).toFixed(2),
    median(samples.map((sample, index) => sample.seconds / reference.samples[index].seconds)).toFixed(2),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ');
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function fastest(samples: readonly Sample[]): number {
  return Math.min(...samples.map((sample) => sample.seconds));
}

function seconds(value: number): string {
  return value.toFixed(value < 10 ? 3 : 1);
}
