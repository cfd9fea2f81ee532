/**
 * The programs of the course notes that Weft began from, each with the order or output they must
 * have.
 */
package io.weft.notes;
