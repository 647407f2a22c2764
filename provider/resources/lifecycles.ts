import { accessKeyLifecycle } from "./accessKey/accessKey";
import { bucketLifecycle } from "./bucket";
import type { Lifecycle } from "./lifecycle";
import { rotatingAccessKeyLifecycle } from "./rotatingAccessKey/rotatingAccessKey";
import { userLifecycle } from "./user/user";

/** The life cycle of each kind of resource. */
export const lifecycles = {
  user: userLifecycle,
  accessKey: accessKeyLifecycle,
  bucket: bucketLifecycle,
  rotation: rotatingAccessKeyLifecycle,
} satisfies Record<string, Lifecycle>;
