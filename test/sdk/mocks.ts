import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockResourceArgs } from "@pulumi/pulumi/runtime";

/** The options of a registration, which mocks do not get. */
export interface Registered extends Omit<MockResourceArgs, "inputs"> {
  inputs: Record<string, unknown>;
  secretOutputs: string[];
  deleteBeforeReplace: boolean;
  deletedWith: string;
  protect: boolean;
  retainOnDelete: boolean;
  ignoreChanges: string[];
  hideDiffs: string[];
  dependencies: string[];
  version: string;
  pluginDownloadURL: string;
  /** URNs, and other forms as type and name, with "" for what is that of the resource. */
  aliases: string[];
  isRead: boolean;
  /** The file of the program that declares it, as sent to the engine. */
  sourcePosition: string;
  /** The file of each frame of its stack, as the engine stores them; "" for Node's own. */
  stack: string[];
}

type Spied = Omit<Registered, keyof MockResourceArgs>;

/** The requests of the programs of a test to the engine. */
export interface Engine {
  /** In the order of arrival, the newest last. */
  resources: Registered[];
  calls: MockCallArgs[];
  /** Outputs of a resource in addition to its inputs, by type. */
  outputs: Record<string, Record<string, unknown>>;
  /** Results of functions, by token. */
  answers: Record<string, Record<string, unknown>>;
  /** The one registration under a name. */
  named(name: string): Promise<Registered>;
}

interface Place {
  getUri(): string;
}
interface AliasSpec {
  getType(): string;
  getName(): string;
}
const specOf = (spec: AliasSpec | undefined) =>
  `${spec?.getType() ?? ""}::${spec?.getName() ?? ""}`;
interface Request {
  getName(): string;
  getAdditionalsecretoutputsList(): string[];
  getDeletebeforereplace?(): boolean;
  getDeletedwith?(): string;
  getProtect?(): boolean;
  getRetainondelete?(): boolean;
  getIgnorechangesList?(): string[];
  getHidediffsList?(): string[];
  getVersion(): string;
  getPlugindownloadurl(): string;
  getDependenciesList(): string[];
  getAliasesList?(): { getUrn(): string; getSpec(): AliasSpec | undefined }[];
  getAliasurnsList?(): string[];
  getSourceposition(): Place | undefined;
  getStacktrace(): { getFramesList(): { getPc(): Place | undefined }[] } | undefined;
}
type Answer = (error: unknown, response: unknown) => void;
type Ask = (request: Request, answer: Answer) => Promise<void>;

/** Runs the tests of a `describe` under mocks. */
export function useMocks(): Engine {
  const engine = {} as Engine;
  beforeEach(async () => {
    const options = new Map<string, Spied>();
    const resources: Registered[] = [];
    const calls: MockCallArgs[] = [];
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        const spied = options.get(args.name);
        assert(spied);
        const inputs = args.inputs as Record<string, unknown>;
        resources.push({ ...args, inputs, ...spied });
        const id = args.id === undefined || args.id === "" ? `${args.name}-id` : args.id;
        return { id, state: { ...inputs, ...engine.outputs[args.type] } };
      },
      call: (args) => {
        calls.push(args);
        return engine.answers[args.token] ?? {};
      },
    });
    const monitor = pulumi.runtime.getMonitor() as unknown as Record<string, Ask>;
    for (const method of ["registerResource", "readResource"] as const) {
      const ask = monitor[method]?.bind(monitor);
      assert(ask);
      monitor[method] = (request, answer) => {
        options.set(request.getName(), {
          secretOutputs: request.getAdditionalsecretoutputsList(),
          deleteBeforeReplace: request.getDeletebeforereplace?.() ?? false,
          deletedWith: request.getDeletedwith?.() ?? "",
          protect: request.getProtect?.() ?? false,
          retainOnDelete: request.getRetainondelete?.() ?? false,
          ignoreChanges: request.getIgnorechangesList?.() ?? [],
          hideDiffs: request.getHidediffsList?.() ?? [],
          dependencies: request.getDependenciesList(),
          version: request.getVersion(),
          pluginDownloadURL: request.getPlugindownloadurl(),
          aliases: [
            ...(request.getAliasesList?.() ?? []).map(
              (alias) => alias.getUrn() || specOf(alias.getSpec()),
            ),
            ...(request.getAliasurnsList?.() ?? []),
          ],
          isRead: method === "readResource",
          sourcePosition: request.getSourceposition()?.getUri() ?? "",
          stack: (request.getStacktrace()?.getFramesList() ?? []).map(
            (frame) => frame.getPc()?.getUri() ?? "",
          ),
        });
        return ask(request, answer);
      };
    }
    const named = async (name: string) => {
      for (let looks = 0; looks < 2000; looks += 1) {
        const found = resources.filter((each) => each.name === name);
        if (found[0]) return found[0];
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return assert.fail(`nothing named ${name} was registered`);
    };
    Object.assign(engine, { resources, calls, outputs: {}, answers: {}, named });
  });
  return engine;
}

/** The value of an output, once it is known. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    output.apply(resolve as (value: unknown) => void);
  });
}

/** Whether an output is a secret. */
export function isSecret(output: pulumi.Output<unknown>): Promise<boolean> {
  return pulumi.isSecret(output);
}
