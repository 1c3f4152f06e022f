import ArgumentParser
import VAE

/// The families that an option chooses from.
protocol FamilyList {
  static var all: [any Family.Type] { get }
}

enum Likelihoods: FamilyList { static var all: [any Family.Type] { Families.likelihoods } }
enum Posteriors: FamilyList { static var all: [any Family.Type] { Families.posteriors } }
enum Priors: FamilyList { static var all: [any Family.Type] { Families.priors } }

/// The name of a family of a list, without its hyperparameters.
struct FamilyName<List: FamilyList>: ExpressibleByArgument {
  let family: any Family.Type

  init(_ family: any Family) { self.family = type(of: family) }

  init?(argument: String) {
    let found = List.all.first { Families.isSpelled($0.name, argument) }
    guard let found else { return nil }
    family = found
  }

  static var allValueStrings: [String] { List.all.map { $0.name } }
  var defaultValueDescription: String { family.name }
}

typealias LikelihoodName = FamilyName<Likelihoods>
typealias PosteriorName = FamilyName<Posteriors>
typealias PriorName = FamilyName<Priors>

/// The option that names a family, and the options that give the family's hyperparameters.
struct FamilyChoice {
  private let option: String
  private let families: [any Family.Type]
  private let chosen: (any Family.Type)?

  init(_ option: String, _ families: [any Family.Type], _ chosen: (any Family.Type)?) {
    (self.option, self.families, self.chosen) = (option, families, chosen)
  }

  /// Refuses an option for a hyperparameter, of one of some names, that the family does not have.
  func require(_ keys: String..., for other: String, isGiven: Bool) throws {
    func has(_ family: any Family.Type) -> Bool { keys.contains { family.has($0) } }
    guard isGiven, chosen.map(has) != true else { return }
    let names = families.filter(has).map { $0.name }
    throw ValidationError("\(other) belongs to \(option) \(Families.list(names))")
  }
}

/// What makes no model of what the user asked for is wrong usage.
func usage<R>(_ body: () throws -> R) throws -> R {
  do { return try body() } catch let error as ConfigurationError {
    throw Failure(.usage, error.description)
  }
}
