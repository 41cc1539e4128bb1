//! Single elements: keeping them, and finding their declarations.

use msgraph_csdl::model::{ItemType, TypeId, TypeReference};

use super::{Element, Slicer};

impl<'a> Slicer<'_, 'a> {
    /// Keeps a type and its supertypes up to one of them.
    pub(super) fn keep_supertypes(&mut self, from: TypeId, to: TypeId) {
        for ty in self.schema.supertypes(from) {
            self.kept.types.insert(ty);
            if ty == to {
                break;
            }
        }
    }

    /// Keeps the key of a type, and its properties.
    pub(super) fn keep_key(&mut self, id: TypeId) {
        let schema = self.schema;
        let declares = |ty: &TypeId| schema.structured(*ty).is_some_and(|ty| ty.key.is_some());
        let Some(declaring) = schema.supertypes(id).find(declares) else {
            return;
        };
        self.keep_supertypes(id, declaring);
        self.kept.keys.insert(declaring);
        for name in schema.key(id) {
            // It may be a path: `address/street`.
            let mut ty = id;
            for segment in name.text.split('/') {
                self.keep_inherited(ty, segment);
                match schema.property(ty, segment).map(|it| it.ty.item) {
                    Some(ItemType::Declared(item)) => ty = item,
                    _ => break,
                }
            }
        }
    }

    /// Keeps a structural property that the type declares or inherits.
    pub(super) fn keep_inherited(&mut self, ty: TypeId, name: &str) -> Option<Element> {
        let declaring = self.declaring(ty, name)?;
        self.keep_supertypes(ty, declaring);
        self.keep_property(declaring, name)
    }

    pub(super) fn keep_property(&mut self, declaring: TypeId, name: &str) -> Option<Element> {
        let nth = self.property_index(declaring, name)?;
        let property = self.schema.structured(declaring)?.properties.get(nth)?;
        self.keep_type_of(property.ty);
        let element = Element::Property(declaring, nth);
        self.kept.elements.insert(element);
        Some(element)
    }

    pub(super) fn keep_navigation(&mut self, declaring: TypeId, name: &str) -> Option<Element> {
        let nth = self.navigation_index(declaring, name)?;
        let ty = self.schema.structured(declaring)?;
        let property = ty.navigation_properties.get(nth)?;
        self.kept.types.insert(property.target);
        let element = Element::Navigation(declaring, nth);
        self.kept.elements.insert(element);
        Some(element)
    }

    pub(super) fn keep_operation(&mut self, nth: usize) {
        if let Some(operation) = self.schema.operations().get(nth) {
            self.kept.elements.insert(Element::Operation(nth));
            let parameters = operation.parameters.iter().map(|it| it.ty);
            for ty in parameters.chain(operation.return_type) {
                self.keep_type_of(ty);
            }
        }
    }

    fn keep_type_of(&mut self, ty: TypeReference) {
        if let ItemType::Declared(id) = ty.item {
            self.kept.types.insert(id);
        }
    }

    /// The type that declares a structural property of this one.
    fn declaring(&self, from: TypeId, name: &str) -> Option<TypeId> {
        let mut supertypes = self.schema.supertypes(from);
        supertypes.find(|id| self.property_index(*id, name).is_some())
    }

    fn property_index(&self, declaring: TypeId, name: &str) -> Option<usize> {
        let mut properties = self.schema.structured(declaring)?.properties.iter();
        properties.position(|property| property.name.text == name)
    }

    fn navigation_index(&self, declaring: TypeId, name: &str) -> Option<usize> {
        let ty = self.schema.structured(declaring)?;
        let mut properties = ty.navigation_properties.iter();
        properties.position(|property| property.name.text == name)
    }

    /// Keeps a supertype or subtype that has content: a subtree offers the content of a type only with it.
    pub(super) fn keep_stream(&mut self, id: TypeId) {
        let schema = self.schema;
        let has_stream = |ty: &TypeId| schema.structured(*ty).is_some_and(|ty| ty.has_stream);
        let mut types = schema.types().map(|(ty, _)| ty);
        if let Some(above) = schema.supertypes(id).find(has_stream) {
            self.keep_supertypes(id, above);
        } else if let Some(below) = types.find(|ty| has_stream(ty) && schema.is_subtype_of(*ty, id))
        {
            self.keep_supertypes(below, id);
        }
    }

    /// Whether a type has a kept property, or inherits it from kept types.
    pub(super) fn has_kept_property(&self, id: TypeId, name: &str) -> bool {
        let supertypes = self.schema.supertypes(id);
        let mut kept = supertypes.take_while(|ty| self.kept.types.contains(ty));
        kept.any(|ty| {
            let property = self.property_index(ty, name);
            let navigation = self.navigation_index(ty, name);
            let property = property.map(|nth| Element::Property(ty, nth));
            let element = property.or(navigation.map(|nth| Element::Navigation(ty, nth)));
            element.is_some_and(|element| self.kept.elements.contains(&element))
        })
    }
}
