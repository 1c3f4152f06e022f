import ArgumentParser
import VAE

/// The name of a likelihood, without its hyperparameters.
struct LikelihoodName: ExpressibleByArgument {
  let family: any LikelihoodFamily.Type

  init(_ likelihood: Configuration.Likelihood) { family = type(of: likelihood.family) }

  init?(argument: String) {
    guard let family = Families.likelihoods.first(where: { $0.name == argument }) else {
      return nil
    }
    self.family = family
  }

  static var allValueStrings: [String] { Families.likelihoods.map { $0.name } }
  var defaultValueDescription: String { family.name }
}

/// The name of a posterior, without its hyperparameters.
struct PosteriorName: ExpressibleByArgument {
  let family: any PosteriorFamily.Type

  init(_ posterior: Configuration.Posterior) { family = type(of: posterior.family) }

  init?(argument: String) {
    guard let family = Families.posteriors.first(where: { $0.name == argument }) else {
      return nil
    }
    self.family = family
  }

  static var allValueStrings: [String] { Families.posteriors.map { $0.name } }
  var defaultValueDescription: String { family.name }
}

/// The option that names a family, and the options that give the family's hyperparameters.
struct FamilyChoice {
  private let option: String
  private let families: [any Family.Type]
  private let chosen: (any Family.Type)?

  init(_ option: String, _ families: [any Family.Type], _ chosen: (any Family.Type)?) {
    (self.option, self.families, self.chosen) = (option, families, chosen)
  }

  /// Refuses an option for a hyperparameter that the family does not have.
  func require(_ key: String, for other: String, isGiven: Bool) throws {
    guard isGiven, chosen?.has(key) != true else { return }
    let names = families.filter { $0.has(key) }.map { $0.name }
    throw ValidationError("\(other) belongs to \(option) \(Families.list(names))")
  }
}

/// What makes no model of what the user asked for is wrong usage.
func usage<R>(_ body: () throws -> R) throws -> R {
  do { return try body() } catch let error as ConfigurationError {
    throw Failure(.usage, error.description)
  }
}
