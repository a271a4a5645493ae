import * as pulumi from '@pulumi/pulumi';

/** Warnings of a component: it is planned before it is there, and some are told when the program is complete. */
export class ComponentWarnings {
  private readonly told = new Set<string>();
  private waiting: string[] = [];
  private component: pulumi.Resource | undefined;

  /** Each text once: plans run several times. */
  public add(text: string): void {
    if (this.told.has(text)) return;
    this.told.add(text);
    if (this.component === undefined) this.waiting.push(text);
    else void pulumi.log.warn(text, this.component);
  }

  /** From now on they are told on the component. */
  public tellOn(component: pulumi.Resource): void {
    this.component = component;
    for (const text of this.waiting) void pulumi.log.warn(text, component);
    this.waiting = [];
  }
}
