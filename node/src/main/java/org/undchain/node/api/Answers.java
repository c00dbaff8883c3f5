package org.undchain.node.api;

/** What a door of the API answers. Nothing that is asked makes it throw. */
interface Answers {
  /** The answer to a GET of this target, a refusal included. */
  Reply reply(String target);

  Reply refusal(Refused refused);
}
