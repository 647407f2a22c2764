// @ts-check
/** A dynamic provider that does nothing: it shows what the engine alone takes for the same number of resources. */
exports.baseline = {
  check: async (/** @type {object} */ _olds, /** @type {object} */ inputs) => ({ inputs }),
  diff: async () => ({ changes: false }),
  create: async (/** @type {{ name: string }} */ inputs) => ({ id: inputs.name, outs: inputs }),
  read: async (/** @type {string} */ id, /** @type {object} */ props) => ({ id, props }),
  update: async (
    /** @type {string} */ _id,
    /** @type {object} */ _olds,
    /** @type {object} */ news,
  ) => ({ outs: news }),
  delete: async () => {},
};
