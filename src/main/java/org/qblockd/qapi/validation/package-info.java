// SPDX-License-Identifier: Apache-2.0

/** Checks of JSON by the JSON Schema documents that the build makes from the QAPI schema. */
@NullMarked
package org.qblockd.qapi.validation;

import org.jspecify.annotations.NullMarked;
