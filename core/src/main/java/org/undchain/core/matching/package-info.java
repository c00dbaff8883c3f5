/**
 * Brings clients and partners together (section 6): who is responsible for a job, which partners
 * hear of it, whose offers reach the client.
 */
@NullMarked
package org.undchain.core.matching;

import org.jspecify.annotations.NullMarked;
