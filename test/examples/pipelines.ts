import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A script of a job, and its variables. */
export interface Script {
  /** The flags that the service passes to bash. */
  bash: string[];
  text: string;
  environment: Record<string, string>;
}

/** The scripts that a service runs, in order, when something happens in the repository. */
export type Pipeline = (event: string) => Script[];

type Variables = Record<string, string>;
interface Workflow {
  env: Variables;
  jobs: Record<string, { if: string; env?: Variables; steps: Step[] }>;
}
interface Step {
  run?: string;
  if?: string;
  env?: Variables;
}
interface GitLab {
  default: { before_script: string[] };
  variables: Variables;
}
interface GitLabJob {
  rules: { if: string }[];
  variables?: Variables;
  script: string[];
}

/** Reads a workflow of GitHub Actions: each `run` is a file for `bash -e`, the default without a `shell`. */
export function githubPipeline(folder: string, secrets: Variables): Pipeline {
  const file = join(folder, ".github/workflows/tenants.yml");
  const { env, jobs } = parse(readFileSync(file, "utf8")) as Workflow;
  return (event) => {
    const job = only(Object.values(jobs).filter((each) => each.if.includes(`'${event}'`)));
    return job.steps.flatMap((step) => {
      if (step.run === undefined) return [];
      if (step.if !== undefined) throw new Error(`unknown: ${step.if}`);
      const environment = filled({ ...env, ...job.env, ...step.env }, secrets);
      return [{ bash: ["-e"], text: step.run, environment }];
    });
  };
}

/** Reads a pipeline of GitLab: the lines of a job are one script that ends at the first failed line. */
export function gitlabPipeline(folder: string, secrets: Variables): Pipeline {
  const text = readFileSync(join(folder, ".gitlab-ci.yml"), "utf8");
  const { default: common, variables, ...jobs } = parse(text) as GitLab & Record<string, GitLabJob>;
  return (event) => {
    const isOf = ({ rules }: GitLabJob) =>
      rules.some((rule) => rule.if.startsWith(`$CI_PIPELINE_SOURCE == "${event}"`));
    const job = only(Object.values(jobs as unknown as Record<string, GitLabJob>).filter(isOf));
    const lines = [...common.before_script, ...job.script];
    const environment = { ...secrets, ...variables, ...job.variables };
    const bash = ["-e", "-o", "pipefail"];
    return [{ bash, text: lines.join("\n"), environment }];
  };
}

function only<T>(found: T[]): T {
  const [one] = found;
  if (one === undefined || found.length > 1) throw new Error(`${found.length} jobs, not one`);
  return one;
}

/** Replaces `${{ secrets.NAME }}` as the service does. */
function filled(variables: Variables, secrets: Variables): Variables {
  const entries = Object.entries(variables).map(([name, value]) => [
    name,
    value.replace(/\$\{\{ secrets\.(\w+) \}\}/g, (_, secret: string) => {
      const known = secrets[secret];
      if (known === undefined) throw new Error(`no secret is named ${secret}`);
      return known;
    }),
  ]);
  return Object.fromEntries(entries) as Variables;
}
