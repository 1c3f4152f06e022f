/// stub
public struct ConditionMaps { public static let count = 5 }
