/** A duration as protobuf's JSON writes it. */
export function seconds(value: number): string {
  return `${value}s`;
}
