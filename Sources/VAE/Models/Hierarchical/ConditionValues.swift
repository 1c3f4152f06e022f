import Datasets
import Graphs
import Tensors

/// What a conditional model is told of a picture, as nodes of a graph.
package struct ConditionValues {
  /// Planes of `maps`.
  package static var mapCount: Int { ConditionMaps.count }

  /// The observation y, holes filled, `[N, C, H, W]` in about [0, 1].
  package let observation: Value
  /// What is known of the damage, `[N, 5, H, W]` as `ConditionMaps` describes them.
  package let maps: Value

  package init(observation: Value, maps: Value) {
    self.observation = observation
    self.maps = maps
  }

  /// Nothing was seen: the model without a condition.
  static func nothing(_ graph: Graph, _ image: ImageShape, count: Int) -> ConditionValues {
    ConditionValues(
      observation: graph.constant(0.5, image.batch(count)),
      maps: graph.constant(0, [count, mapCount, image.height, image.width]))
  }

  /// The first rows of the batch.
  func rows(_ range: Range<Int>) -> ConditionValues {
    ConditionValues(
      observation: observation.sliced(axis: 0, range), maps: maps.sliced(axis: 0, range))
  }
}

extension Value {
  /// Red, green and blue as `Y = (R+G+B)/sqrt 3, C1 = (R-B)/sqrt 2, C2 = (R-2G+B)/sqrt 6`: an
  /// orthonormal basis, in which a gray picture has one plane only. Gray stays as it is.
  func opponent() -> Value {
    guard shape[1] == 3 else { return self }
    let (r, g, b) = planes
    return .concatenate(
      [
        (r + g + b) * Self.third, (r - b) * Self.half, (r + b - g * 2) * Self.sixth,
      ], axis: 1)
  }

  /// The inverse of `opponent`.
  func fromOpponent() -> Value {
    guard shape[1] == 3 else { return self }
    let (y, first, second) = planes
    let (light, side, middle) = (y * Self.third, first * Self.half, second * Self.sixth)
    return .concatenate(
      [light + side + middle, light - middle * 2, light - side + middle], axis: 1)
  }

  private var planes: (Value, Value, Value) {
    (sliced(axis: 1, 0..<1), sliced(axis: 1, 1..<2), sliced(axis: 1, 2..<3))
  }

  private static let third: Float = 0.577_350_269_189_625_8
  private static let half: Float = 0.707_106_781_186_547_5
  private static let sixth: Float = 0.408_248_290_463_863
}
