/** The partner's agent: its subscriptions, its bids and its sessions with clients. */
@NullMarked
package org.undchain.core.partner;

import org.jspecify.annotations.NullMarked;
