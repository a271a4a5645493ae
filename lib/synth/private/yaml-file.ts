import { writeFileSync } from 'node:fs';

/**
 * A YAML file in the making. Documents become bytes one by one, so that neither all of them nor the pieces of their text are in
 * memory at once.
 */
export class YamlFile {
  private bytes = Buffer.allocUnsafeSlow(INITIAL_SIZE);
  private length = 0;

  /** Appends a printed document as `Yaml.save` of cdk8s does. */
  public add(document: string): void {
    const text = this.length === 0 ? document : `---\n${document}`;
    this.reserve(text.length * MAX_BYTES_PER_UNIT);
    this.length += this.bytes.write(text, this.length, 'utf8');
  }

  /** Writes the documents and starts over. */
  public save(path: string): void {
    writeFileSync(path, this.bytes.subarray(0, this.length));
    this.length = 0;
  }

  /** The documents as text. */
  public toString(): string {
    return this.bytes.toString('utf8', 0, this.length);
  }

  private reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * this.bytes.length + size);
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

const INITIAL_SIZE = 1024 * 1024;
/** A UTF-16 code unit takes at most three bytes of UTF-8. */
const MAX_BYTES_PER_UNIT = 3;
