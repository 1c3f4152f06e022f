/// Models that take pictures of any size.
extension Configuration {
  /// Whether pictures may have other extents than those of `image`.
  public var takesAnySize: Bool { hierarchy != nil }

  /// The same model for the smallest pictures that hold one of these extents: they are rounded up
  /// to multiples of the stride. nil where the model takes one size only and this is another.
  public func enclosing(width: Int, height: Int) -> Configuration? {
    guard let hierarchy else { return resized(width: width, height: height) }
    return resized(
      width: Self.rounded(width, to: hierarchy.stride),
      height: Self.rounded(height, to: hierarchy.stride))
  }

  private static func rounded(_ extent: Int, to stride: Int) -> Int {
    (extent + stride - 1) / stride * stride
  }

  /// The pictures that have this many latents, where that settles their extents: those the model
  /// was trained on, or square ones whose side is a multiple of the stride.
  public func image(latents count: Int) -> ImageShape? {
    if count == latents { return image }
    guard let hierarchy, count > 0 else { return nil }
    let cell = ImageShape(
      channels: image.channels, height: hierarchy.stride, width: hierarchy.stride)
    let cellLatents = hierarchy.latentCount(of: cell)
    let side = Int(Double(count / cellLatents).squareRoot().rounded())
    guard side > 0, side * side * cellLatents == count else { return nil }
    return ImageShape(
      channels: image.channels, height: side * hierarchy.stride, width: side * hierarchy.stride)
  }

  /// How many of the latents belong to each group, from the finest grid to the coarsest; one
  /// number for a flat model.
  public var groupSizes: [Int] {
    guard let hierarchy else { return [latents] }
    return (0..<hierarchy.levels).map { level in
      let grid = hierarchy.grid(level, of: image)
      return hierarchy.latents[level] * grid.height * grid.width
    }
  }
}
