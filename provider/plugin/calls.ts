import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { isDeepStrictEqual } from "node:util";
import type { Bag } from "../resources/lifecycle";
import { secret } from "../resources/secret";
import { createEngineCalls } from "../run/engineCalls";
import type { Run } from "../run/run";
import { checkResponse, failed } from "./answer";
import { checkResource } from "./check";
import { diffResponse } from "./diff";
import { duringCall } from "./log";
import { kindOf, type Kind } from "./resources";
import { typeOf } from "./urn";
import { bagOf, markLike, plainOf, structOf } from "./wire";

/** The calls of the engine for a resource of any kind, in one run. */
export function createCalls(run: Run) {
  const engineCalls = createEngineCalls();
  /** Resources that the program declares. */
  const declared = new Set<string>();
  /** Those of them that are in the stack. The engine checks a replacement again, without its old inputs. */
  const known = new Set<string>();

  const guarded = <T>(
    urn: string,
    work: () => Promise<T>,
    mark?: (properties: Bag) => Bag,
  ): Promise<T> =>
    duringCall(urn, async () => {
      try {
        return await run.engine().during(work);
      } catch (error) {
        throw failed(error, run.settings().settings, mark);
      }
    });

  return {
    guarded,

    check: (request: pb.CheckRequest): pb.CheckResponse => {
      const urn = request.getUrn();
      declared.add(urn);
      const given = bagOf(request.getNews());
      if (Object.keys(bagOf(request.getOlds())).length > 0) known.add(urn);
      const { inputs, failures } = checkResource(typeOf(urn), plainOf(given), !known.has(urn));
      return checkResponse(markLike(inputs, given) as Bag, failures);
    },

    diff: (request: pb.DiffRequest) =>
      guarded(request.getUrn(), async () => {
        const urn = request.getUrn();
        const news = plainOf(bagOf(request.getNews()));
        const olds = plainOf(bagOf(request.getOlds()));
        const oldInputs = plainOf(bagOf(request.getOldInputs()));
        const isComparison = engineCalls.isComparison(urn);
        const cluster = run.settings().settings && run.cluster();
        const { lifecycle } = kindOf(typeOf(urn));
        const difference = await lifecycle.diff(cluster, request.getId(), olds, news);
        const isReplaced = difference.changes.some(({ kind }) => kind === "replace");
        if (isComparison) cluster?.claims.meet(difference.ids);
        else if (isReplaced) cluster?.claims.giveUp(difference.ids);
        else cluster?.claims.keep(difference.ids);
        return diffResponse(difference, { oldInputs, olds, news });
      }),

    create: (request: pb.CreateRequest) => {
      const urn = request.getUrn();
      const kind = kindOf(typeOf(urn));
      const given = bagOf(request.getProperties());
      const mark = (outs: Bag) => marked(kind, outs, given);
      return guarded(
        urn,
        async () => {
          const response = new pb.CreateResponse();
          const news = plainOf(given);
          if (request.getPreview()) {
            response.setProperties(structOf(mark(kind.previewCreate(news))));
            return response;
          }
          const { id, outs } = await kind.lifecycle.create(run.cluster(), news);
          response.setId(id);
          response.setProperties(structOf(mark(outs)));
          return response;
        },
        mark,
      );
    },

    read: (request: pb.ReadRequest) =>
      guarded(request.getUrn(), async () => {
        const kind = kindOf(typeOf(request.getUrn()));
        const given = bagOf(request.getInputs());
        const state = bagOf(request.getProperties());
        // `get` sends the inputs as the state.
        const isRefresh = Object.keys(state).length > 0 && !isDeepStrictEqual(state, given);
        const byId = isRefresh ? undefined : kind.readById;
        const cluster = run.cluster();
        const found = await (byId
          ? byId(cluster, request.getId())
          : kind.lifecycle.read(cluster, request.getId(), plainOf(state)));
        const response = new pb.ReadResponse();
        if (found.id === undefined) return response;
        if (isRefresh) engineCalls.refreshed(request.getUrn());
        response.setId(found.id);
        response.setProperties(structOf(marked(kind, found.props ?? {}, { ...given, ...state })));
        response.setInputs(structOf(markLike(found.inputs ?? {}, given) as Bag));
        return response;
      }),

    update: (request: pb.UpdateRequest) => {
      const urn = request.getUrn();
      const kind = kindOf(typeOf(urn));
      const given = bagOf(request.getNews());
      const mark = (outs: Bag) => marked(kind, outs, given);
      return guarded(
        urn,
        async () => {
          const response = new pb.UpdateResponse();
          const [olds, news] = [plainOf(bagOf(request.getOlds())), plainOf(given)];
          if (request.getPreview()) {
            response.setProperties(structOf(mark(kind.previewUpdate(olds, news))));
            return response;
          }
          const { lifecycle } = kind;
          const { outs } = await lifecycle.update(run.cluster(), request.getId(), olds, news);
          response.setProperties(structOf(mark(outs)));
          return response;
        },
        mark,
      );
    },

    delete: (request: pb.DeleteRequest) =>
      guarded(request.getUrn(), async () => {
        const { lifecycle, keysOf } = kindOf(typeOf(request.getUrn()));
        const state = plainOf(bagOf(request.getProperties()));
        const cluster = run.cluster();
        // The keys of a resource that the program declares are replaced: their user is not about to leave.
        const isLeaving = !declared.has(request.getUrn());
        if (keysOf && isLeaving) await cluster.requireRevocable(keysOf(state));
        await lifecycle.delete(cluster, request.getId(), state);
        return new Empty();
      }),
  };
}

/** Outputs with their secrets marked: those of the service, and those that were secret inputs. */
function marked({ secrets, repeats = {} }: Kind, outs: Bag, given: Bag): Bag {
  const repeated = Object.entries(repeats).map(([name, input]) => [name, given[input]]);
  const model = { ...(Object.fromEntries(repeated) as Bag), ...given };
  const like = markLike(outs, model) as Bag;
  const own = secrets
    .filter((name) => like[name] !== undefined)
    .map((name) => [name, markLike(like[name], secret(""))]);
  return { ...like, ...(Object.fromEntries(own) as Bag) };
}
