import Checkpoints
import Datasets

extension Hierarchy {
  /// As in the model file's `network`.
  var json: JSONValue {
    var members = [
      JSONMember("architecture", "hierarchical"),
      JSONMember("widths", .array(widths.map { JSONValue($0) })),
      JSONMember("target_widths", .array(targetWidths.map { JSONValue($0) })),
      JSONMember("latents", .array(latents.map { JSONValue($0) })),
      JSONMember("blocks", blocksJSON),
      JSONMember("activation", .string(activation.rawValue)),
      JSONMember("conditional", .bool(isConditional)),
    ]
    if isConditional && maps != ConditionMaps.undescribed {
      members.append(JSONMember("maps", .array(maps.map(\.json))))
    }
    return .object(members)
  }

  /// One number where all levels have the same.
  private var blocksJSON: JSONValue {
    if let first = blocks.first, blocks.allSatisfy({ $0 == first }) { return JSONValue(first) }
    return .array(blocks.map { JSONValue($0) })
  }

  init(json: JSONValue, isConditional: Bool) throws {
    let widths = try json.integers("widths")
    let blocks =
      try json["blocks"]?.array == nil
      ? widths.map { _ in try json.integer("blocks") } : json.integers("blocks")
    var maps = ConditionMaps.undescribed
    if let described = json["maps"] {
      guard let values = described.array else {
        throw ConfigurationError("expected an array as 'maps'")
      }
      maps = try values.map { try ConditionMap(json: $0) }
    }
    self.init(
      widths: widths, targetWidths: try json.integers("target_widths"),
      latents: try json.integers("latents"), blocks: blocks,
      activation: try json.choice("activation"), isConditional: isConditional, maps: maps)
  }
}

extension ConditionMap {
  fileprivate var json: JSONValue {
    var members = [
      JSONMember("name", .string(name)), JSONMember("neutral", JSONValue(neutral)),
      JSONMember("least", JSONValue(range.lowerBound)),
      JSONMember("largest", JSONValue(range.upperBound)),
    ]
    if let unknown { members.append(JSONMember("unknown", JSONValue(unknown))) }
    members.append(JSONMember("factor", JSONValue(factor)))
    return .object(members)
  }

  fileprivate init(json: JSONValue) throws {
    try json.requireKeys(["name", "neutral", "least", "largest", "unknown", "factor"])
    func number(_ key: String) throws -> Float {
      guard let value = json[key]?.float, value.isFinite else {
        throw ConfigurationError("expected a number as '\(key)' of a map")
      }
      return value
    }
    let (least, largest) = (try number("least"), try number("largest"))
    guard least <= largest else {
      throw ConfigurationError("expected a map's 'least' up to its 'largest'")
    }
    self.init(
      name: try json.text("name"), neutral: try number("neutral"), range: least...largest,
      unknown: try json["unknown"].map { _ in try number("unknown") },
      factor: try number("factor"))
  }
}
