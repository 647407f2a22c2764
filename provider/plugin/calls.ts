import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { isDeepStrictEqual } from "node:util";
import type { Bag, Difference, Found } from "../resources/lifecycle";
import { secret } from "../resources/secret";
import { checkResponse } from "./answer";
import { checkResource } from "./check";
import { diffResponse } from "./diff";
import { kindOf, type Kind } from "./resources";
import { guarded, type Session } from "./session";
import { typeOf } from "./urn";
import { bagOf, containsSecret, markLike, plainOf, structOf } from "./wire";

/** Checks the inputs of a resource that the program declares. */
export function check(session: Session, request: pb.CheckRequest): pb.CheckResponse {
  const { declared, known } = session;
  const urn = request.getUrn();
  declared.add(urn);
  const given = bagOf(request.getNews());
  if (Object.keys(bagOf(request.getOlds())).length > 0) known.add(urn);
  // The engine checks a replacement again, without old inputs.
  else giveUpKept(session, urn);
  const { inputs, failures } = checkResource(typeOf(urn), plainOf(given), !known.has(urn));
  return checkResponse(markLike(inputs, given) as Bag, failures);
}

/** Compares a resource in state with the program, or with what a refresh read. */
export function diff(session: Session, request: pb.DiffRequest): Promise<pb.DiffResponse> {
  const urn = request.getUrn();
  return guarded(session, urn, async () => {
    const { run, engineCalls } = session;
    const [news, olds] = [plainOf(bagOf(request.getNews())), plainOf(bagOf(request.getOlds()))];
    const oldInputs = plainOf(bagOf(request.getOldInputs()));
    const isComparison = engineCalls.isComparison(urn);
    const cluster = run.settings().settings && run.cluster();
    const kind = kindOf(typeOf(urn));
    noteEmptied(session, kind, olds);
    const difference = await kind.lifecycle.diff(cluster, request.getId(), olds, news);
    if (cluster) claim(session, urn, difference, isComparison);
    return diffResponse(difference, { oldInputs, olds, news });
  });
}

function claim(
  { kept, run }: Session,
  urn: string,
  { changes, ids }: Difference,
  isComparison: boolean,
): void {
  const { claims } = run.cluster();
  if (isComparison) claims.meet(ids);
  else if (changes.some(({ kind }) => kind === "replace")) claims.giveUp(ids);
  else {
    claims.keep(ids);
    kept.set(urn, [...ids]);
  }
}

/** With `replaceOnChanges` the engine replaces a resource that the comparison kept. */
function giveUpKept({ kept, run }: Session, urn: string): void {
  const ids = kept.get(urn);
  if (!ids) return;
  kept.delete(urn);
  const others = new Set([...kept.values()].flat());
  run.cluster().claims.release(ids.filter((id) => !others.has(id)));
}

/** Creates a resource; a preview returns what is known of it, and sends nothing. */
export function create(session: Session, request: pb.CreateRequest): Promise<pb.CreateResponse> {
  const urn = request.getUrn();
  const kind = kindOf(typeOf(urn));
  const given = bagOf(request.getProperties());
  const mark = (outs: Bag) => marked(kind, outs, given);
  const work = async () => {
    const response = new pb.CreateResponse();
    const news = plainOf(given);
    const { id, outs } = request.getPreview()
      ? { id: "", outs: kind.previewCreate(news) }
      : await kind.lifecycle.create(session.run.cluster(), news);
    response.setId(id);
    response.setProperties(structOf(mark(outs)));
    return response;
  };
  return guarded(session, urn, work, mark);
}

/** Reads a resource for a refresh, an import or a `get` of the program. */
export function read(session: Session, request: pb.ReadRequest): Promise<pb.ReadResponse> {
  const urn = request.getUrn();
  return guarded(session, urn, async () => {
    const kind = kindOf(typeOf(urn));
    const given = bagOf(request.getInputs());
    const state = bagOf(request.getProperties());
    // `get` sends the inputs as the state.
    const isRefresh = Object.keys(state).length > 0 && !isDeepStrictEqual(state, given);
    const byId = isRefresh ? undefined : kind.readById;
    const cluster = session.run.cluster();
    noteEmptied(session, kind, plainOf(state));
    const found = await (byId
      ? byId(cluster, request.getId())
      : kind.lifecycle.read(cluster, request.getId(), plainOf(state)));
    if (isRefresh && found.id !== undefined) session.engineCalls.refreshed(urn);
    return readResponse(kind, found, given, state);
  });
}

/** Without an id, the engine removes the resource from its state. */
function readResponse(kind: Kind, found: Found, given: Bag, state: Bag): pb.ReadResponse {
  const response = new pb.ReadResponse();
  const { id, props = {}, inputs = {} } = found;
  if (id === undefined) return response;
  response.setId(id);
  response.setProperties(structOf(marked(kind, props, { ...given, ...state })));
  response.setInputs(structOf(markLike(inputs, given) as Bag));
  return response;
}

/** Updates a resource; a preview returns what is known of it, and sends nothing. */
export function update(session: Session, request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
  const urn = request.getUrn();
  const kind = kindOf(typeOf(urn));
  const given = bagOf(request.getNews());
  const mark = (outs: Bag) => marked(kind, outs, given);
  const work = async () => {
    const response = new pb.UpdateResponse();
    const [olds, news] = [plainOf(bagOf(request.getOlds())), plainOf(given)];
    const { outs } = request.getPreview()
      ? { outs: kind.previewUpdate(olds, news) }
      : await kind.lifecycle.update(session.run.cluster(), request.getId(), olds, news);
    response.setProperties(structOf(mark(outs)));
    return response;
  };
  return guarded(session, urn, work, mark);
}

/** Deletes a resource that left the program or was replaced. */
export function remove(session: Session, request: pb.DeleteRequest): Promise<Empty> {
  const urn = request.getUrn();
  return guarded(session, urn, async () => {
    const { lifecycle, keysOf } = kindOf(typeOf(urn));
    const state = plainOf(bagOf(request.getProperties()));
    const cluster = session.run.cluster();
    // The keys of a resource that the program declares are replaced: their user is not about to leave.
    if (keysOf && !session.declared.has(urn)) {
      const keys = keysOf(state);
      const deleteEmptyBuckets = session.emptied.has(keys.userId);
      await cluster.requireRevocable(keys, { deleteEmptyBuckets });
    }
    await lifecycle.delete(cluster, request.getId(), state);
    return new Empty();
  });
}

/** The engine deletes keys before their user, and says nothing of the user then. */
function noteEmptied({ emptied }: Session, { emptiedUser }: Kind, state: Bag): void {
  const userId = emptiedUser?.(state);
  if (userId !== undefined) emptied.add(userId);
}

/**
 * Outputs with their secrets marked: those of the service, and those that were secret inputs. A map with a secret in it is
 * secret as a whole, because a host for YAML loses a secret within a map.
 */
function marked({ secrets, repeats = {} }: Kind, outs: Bag, given: Bag): Bag {
  const repeated = Object.entries(repeats).map(([name, input]) => [name, given[input]]);
  const model = { ...(Object.fromEntries(repeated) as Bag), ...given };
  const isMarked = (name: string) => secrets.includes(name) || containsSecret(model[name]);
  const entries = Object.entries(outs).map(([name, value]) => [
    name,
    isMarked(name) ? markLike(value, secret("")) : value,
  ]);
  return Object.fromEntries(entries) as Bag;
}
