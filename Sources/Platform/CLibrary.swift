// The C library under one name, whichever system's it is.

#if canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#elseif canImport(Darwin)
  @_exported import Darwin
#endif

/// write(2), for types that have a `write` of their own.
///
/// - Returns: how many bytes were written; negative, with `errno` set, where none could be.
package func writeOnce(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
