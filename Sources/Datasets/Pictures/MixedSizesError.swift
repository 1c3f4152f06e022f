/// Pictures of several sizes where all examples are to be as they are.
public struct MixedSizesError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(
    path: String, found: (width: Int, height: Int), first: String,
    expected: (width: Int, height: Int)
  ) {
    description =
      "\(path): \(found.width)x\(found.height) pixels, \(first) has "
      + "\(expected.width)x\(expected.height)"
  }
}
